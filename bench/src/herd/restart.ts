import type { OwnServer } from "../replay/own-server.js";
import type { Members } from "./members.js";
import type { Journey } from "./messages.js";
import { useOf } from "./process-use.js";

export interface RestartSettings {
  /** "kill": SIGKILL, no time to say anything; "stop": SIGTERM, everybody is told when to come back. */
  readonly how: "kill" | "stop";
  /** Milliseconds that the server is away. */
  readonly away: number;
  /** Milliseconds to wait for everybody at most. */
  readonly patience: number;
}

/** How one restart went. Times in milliseconds. */
export interface Restart {
  readonly how: RestartSettings["how"];
  readonly members: number;
  readonly back: number;
  /** From the end of the old server until the new one accepted connections. */
  readonly downTime: number;
  /** For each who came back: from the moment the new server accepted connections. */
  readonly afterReady: readonly number[];
  /** For each who came back: from the loss of the connection. */
  readonly afterLoss: readonly number[];
  /** For each: attempts while there was no server, and those from then on. */
  readonly attemptsWhileDown: readonly number[];
  readonly attemptsAfter: readonly number[];
  /** Times that somebody who was back was lost again. */
  readonly lostAgain: number;
  /** Of the new server, when everybody was back: milliseconds of processor time, and bytes. */
  readonly cpu: number;
  readonly peakResident: number;
  /** The lines of its metrics that say how it let people in. */
  readonly metrics: readonly string[];
}

const LOOK = 100;
const METRICS = /^tutti_(admission|connections|connections_refused_total|documents_loaded|shedding)/;

/** Restarts the server under the herd, and waits until everybody is back. */
export async function restart(server: OwnServer, members: Members, settings: RestartSettings): Promise<Restart> {
  const { how, away, patience } = settings;
  members.watch();
  const { here: before } = await members.look();
  await (how === "kill" ? server.kill() : server.stop());
  const gone = Date.now();
  await pause(away);
  await server.launch();
  const ready = Date.now();
  await until(async () => (await members.look()).back >= before || Date.now() - ready > patience);
  const { cpu, peakResident } = useOf(server.pid ?? 0);
  const metrics = await metricsOf(server.url);
  return { how, ...journeysSince(ready, await members.journeys()), downTime: ready - gone, cpu, peakResident, metrics };
}

function journeysSince(ready: number, journeys: readonly Journey[]) {
  const arrivals = journeys.flatMap(({ lost, back }) =>
    lost === undefined || back === undefined ? [] : { lost, back },
  );
  return {
    members: journeys.length,
    back: arrivals.length,
    afterReady: arrivals.map(({ back }) => back - ready),
    afterLoss: arrivals.map(({ back, lost }) => back - lost),
    attemptsWhileDown: journeys.map(({ attempts }) => attempts.filter((time) => time < ready).length),
    attemptsAfter: journeys.map(({ attempts }) => attempts.filter((time) => time >= ready).length),
    lostAgain: journeys.reduce((sum, { lostAgain }) => sum + lostAgain, 0),
  };
}

async function metricsOf(url: string): Promise<readonly string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split("\n").filter((line) => METRICS.test(line));
}

/** Resolves when the condition holds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(LOOK);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
