import type { EditorFigures, EditorsCrew } from "../crews/editors.js";
import type { Remote } from "../crews/remote.js";
import { type Observation, observe, pause } from "../measure/observe.js";
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
  /** Of those whose process does little besides. */
  readonly figures: EditorFigures;
  readonly observations: readonly Observation[];
  readonly verdict: Verdict;
}

/**
 * Of the people, so many are in a process of their own, and only their edits are measured: everybody's cursors come to all
 * at once, and a process that has to read a hundred messages about them would be late with an acknowledgement itself.
 */
const MEASURED = 20;
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
  for (const [first, end] of [
    [0, MEASURED],
    [MEASURED, settings.people],
  ] as const) {
    const crew = stage.editors().remote;
    await crew.join({ place: stage.place, tokens: tokens.slice(first, end), first, all: settings.people });
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
    for (const label of [STILL, MOVING, DEAD]) observations.push(await window(label));
  }
  await everybody((crew) => crew.rest());
  const sent = await everybody((crew) => crew.sent());
  const windows = observations.map((observation) => observation.window);
  const [figures] = await everybody((crew) => crew.figures(sent, windows));
  if (figures === undefined) throw new Error("nobody measured");
  const server = await stage.content();
  const replicas = await everybody((crew) => crew.replicas(server.version));
  const others = await writer.remote.replicas(server.version);
  return { settings, figures, observations, verdict: compare(server, [...replicas.flat(), ...others]) };
}
