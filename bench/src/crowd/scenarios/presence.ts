import type { EditorFigures, EditorsCrew } from "../crews/editors.js";
import type { Remote } from "../crews/remote.js";
import { type Observation, observe, pause } from "../measure/observe.js";
import { acknowledgements, type DelaysByLabel, typicalP99 } from "../measure/sent.js";
import { compare, type Verdict } from "../measure/verdict.js";
import { onStage, Stage } from "../stage.js";

export interface PresenceSettings {
  readonly people: number;
  readonly letters: number;
  /** Moves of each in a second, while cursors move. */
  readonly moves: number;
  readonly warmUp: number;
  readonly seconds: number;
  /** Times that each state has its turn. */
  readonly rounds: number;
}

export const STILL = "cursors still";
export const MOVING = "cursors moving";
export const DEAD = "moving, presence dead";

export interface PresenceResult {
  readonly settings: PresenceSettings;
  /** From sending an edit to its acknowledgement. */
  readonly acknowledged: DelaysByLabel;
  /** By label, the median of its windows (ms). */
  readonly typicalP99: Readonly<Record<string, number>>;
  /** At half of the people. */
  readonly figures: EditorFigures;
  readonly observations: readonly Observation[];
  readonly verdict: Verdict;
}

/** Processes of the drivers: what everybody is told at once is not read one after the other. */
const CREWS = 2;
const SERVER = new URL("../servers/mortal.js", import.meta.url);

/** Edits while nobody's cursor moves, while all move, and while the presence service is dead, in turns. */
export function presenceScenario(settings: PresenceSettings): Promise<PresenceResult> {
  // It starts again by itself, once the window in which it is dead is over.
  const dead = (settings.warmUp + settings.seconds + 1) * 1_000;
  const environment = { TUTTI_PRESENCE_RESTART: `${dead}ms`, TUTTI_PRESENCE_LONGEST_RESTART: `${dead}ms` };
  return onStage(Stage.set(environment, SERVER), (stage) => play(stage, settings));
}

async function play(stage: Stage, settings: PresenceSettings): Promise<PresenceResult> {
  const tokens = await stage.people(settings.people);
  const writer = await stage.clients({ tokens: tokens.slice(0, 1), typing: 0 });
  const crews: Remote<EditorsCrew>[] = [];
  const share = settings.people / CREWS;
  for (let first = 0; first < settings.people; first += share) {
    const crew = stage.editors().remote;
    await crew.join({ place: stage.place, tokens: tokens.slice(first, first + share), first, all: settings.people });
    await crew.type(settings.letters);
    crews.push(crew);
  }
  const everybody = <T>(what: (crew: Remote<EditorsCrew>) => Promise<T>): Promise<T[]> => Promise.all(crews.map(what));
  const window = async (label: string): Promise<Observation> => {
    await everybody((crew) => crew.move(label === STILL ? 0 : settings.moves));
    if (label === DEAD) stage.server.tell("kill presence");
    await pause(settings.warmUp * 1_000);
    return observe(stage, { label, seconds: settings.seconds, drivers: crews });
  };
  await pause(settings.warmUp * 1_000);
  const observations: Observation[] = [];
  for (let round = 0; round < settings.rounds; round += 1) {
    // The first two change places, so that what gets slower with time is slower for both; presence lives again after the
    // third.
    const order = round % 2 === 0 ? [STILL, MOVING, DEAD] : [MOVING, STILL, DEAD];
    for (const label of order) observations.push(await window(label));
  }
  await everybody((crew) => crew.rest());
  const sent = await everybody((crew) => crew.sent());
  const windows = observations.map((observation) => observation.window);
  const [figures] = await everybody((crew) => crew.figures(sent, windows));
  if (figures === undefined) throw new Error("nobody measured");
  const server = await stage.content();
  const replicas = await everybody((crew) => crew.replicas(server.version));
  const others = await writer.remote.replicas(server.version);
  const verdict = compare(server, [...replicas.flat(), ...others]);
  const acknowledged = acknowledgements(sent, windows);
  return { settings, acknowledged, typicalP99: typicalP99(sent, windows), figures, observations, verdict };
}
