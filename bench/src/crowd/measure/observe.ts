import type { ServerProcess } from "../../server/server-process.js";
import type { Stage } from "../stage.js";
import type { Effort } from "./meter.js";
import { now } from "./now.js";
import type { Window } from "./sent.js";

/** What one stretch of time took of the server and of the drivers. */
export interface Observation {
  readonly window: Window;
  readonly seconds: number;
  /** Milliseconds of the server's processor time, all threads. */
  readonly processor: number;
  /** How late (ms) the timers of the server came, 99 of 100. */
  readonly serverLag: number;
  readonly drivers: readonly Effort[];
}

/** Milliseconds between two looks of the server's metrics at its event loop, which are in what they say. */
const LOOKS = 10;

/** Somebody whose own effort is looked at. */
export interface Measurable {
  effort(): Promise<Effort>;
}

/**
 * Lets time pass and looks at what it took.
 * @param label windows of one label count together
 */
export async function observe(
  stage: Stage,
  {
    label,
    seconds,
    drivers,
  }: { readonly label: string; readonly seconds: number; readonly drivers: readonly Measurable[] },
): Promise<Observation> {
  // Its lag is counted from one look to the next.
  await stage.metrics();
  await Promise.all(drivers.map((driver) => driver.effort()));
  const before = await stage.server.probe();
  const from = now();
  await pause(seconds * 1_000);
  const to = now();
  const after = await stage.server.probe();
  const looked = (await stage.metrics()).get("nodejs_eventloop_lag_p99_seconds") ?? Number.NaN;
  const serverLag = Math.max(0, looked * 1_000 - LOOKS);
  const efforts = await Promise.all(drivers.map((driver) => driver.effort()));
  const window = { label, from, to };
  return { window, seconds: (to - from) / 1_000, processor: after.cpu - before.cpu, serverLag, drivers: efforts };
}

/** Bytes after a full collection, once what was thrown away is really gone. */
export async function memoryOf(server: ServerProcess): Promise<{ readonly heap: number; readonly resident: number }> {
  for (let count = 0; count < 3; count += 1) {
    await server.probe(true);
    await pause(300);
  }
  return server.probe(true);
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
