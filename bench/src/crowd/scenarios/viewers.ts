import type { EditorFigures } from "../crews/editors.js";
import { memoryOf, type Observation, observe, pause } from "../measure/observe.js";
import { acknowledgements, type DelaysByLabel, typicalP99 } from "../measure/sent.js";
import { compare, type Verdict } from "../measure/verdict.js";
import { onStage, Stage } from "../stage.js";

export interface ViewersSettings {
  readonly editors: number;
  readonly viewers: number;
  readonly letters: number;
  readonly warmUp: number;
  readonly seconds: number;
  /** Times that the editors are alone and then not. */
  readonly rounds: number;
}

export const ALONE = "alone";
export const WATCHED = "with viewers";

/** Of the server, for each viewer, in bytes: after a full collection, and resident. */
export interface MemoryPerViewer {
  readonly heap: number;
  readonly resident: number;
}

export interface ViewersResult {
  readonly settings: ViewersSettings;
  /** From sending an edit to its acknowledgement. */
  readonly acknowledged: DelaysByLabel;
  /** By label, the median of its windows (ms). */
  readonly typicalP99: Readonly<Record<string, number>>;
  readonly figures: EditorFigures;
  /** From sending an edit to its arrival at each viewer. */
  readonly seen: DelaysByLabel;
  readonly observations: readonly Observation[];
  /** Seconds until all viewers of a round were in. */
  readonly joining: readonly number[];
  /** Before anything was typed in their presence, and after it. */
  readonly quiet: MemoryPerViewer;
  readonly after: MemoryPerViewer;
  readonly verdict: Verdict;
}

/** Real clients among the editors, and among the viewers. */
const SAMPLE = 2;
/** Viewers who come and go first, so that what is made once for all is there already. */
const WARM_UP_VIEWERS = 400;

/** Editors alone, then with many who watch them, in turns. */
export function viewersScenario(settings: ViewersSettings): Promise<ViewersResult> {
  return onStage(Stage.set(), (stage) => play(stage, settings));
}

async function play(stage: Stage, settings: ViewersSettings): Promise<ViewersResult> {
  const light = settings.editors - SAMPLE;
  const tokens = await stage.people(settings.editors + SAMPLE);
  const clients = (await stage.clients({ tokens: tokens.slice(light), typing: SAMPLE })).remote;
  const editors = stage.editors().remote;
  await editors.join({ place: stage.place, tokens: tokens.slice(0, light), first: 0, all: light });
  const viewers = stage.viewers().remote;
  const viewerTokens = await stage.people(settings.viewers);
  const come = async (count: number, name: string): Promise<number> => {
    const started = performance.now();
    await viewers.join({ place: stage.place, tokens: viewerTokens.slice(0, count), name });
    return (performance.now() - started) / 1_000;
  };
  await editors.type(settings.letters);
  await come(Math.min(WARM_UP_VIEWERS, settings.viewers), "first");
  await pause(settings.warmUp * 1_000);
  await viewers.leave();
  await pause(settings.warmUp * 1_000);

  const observations: Observation[] = [];
  const joining: number[] = [];
  const memory: MemoryPerViewer[] = [];
  const drivers = [editors, viewers];
  for (let round = 0; round < settings.rounds; round += 1) {
    observations.push(await observe(stage, { label: ALONE, seconds: settings.seconds, drivers }));
    await editors.rest();
    const before = await memoryOf(stage.server);
    joining.push(await come(settings.viewers, `viewer-${round}`));
    memory.push(per(settings.viewers, before, await memoryOf(stage.server)));
    await editors.type(settings.letters);
    await clients.type(settings.letters);
    await pause(settings.warmUp * 1_000);
    observations.push(await observe(stage, { label: WATCHED, seconds: settings.seconds, drivers }));
    await clients.rest();
    await editors.rest();
    memory.push(per(settings.viewers, before, await memoryOf(stage.server)));
    if (round + 1 === settings.rounds) break;
    await viewers.leave();
    await pause(settings.warmUp * 1_000);
    await editors.type(settings.letters);
    await pause(settings.warmUp * 1_000);
  }
  const windows = observations.map(({ window }) => window);
  const sent = [await editors.sent()];
  const figures = await editors.figures(sent, windows);
  const seen = await viewers.figures(sent, windows);
  const server = await stage.content();
  const crews = [editors, viewers, clients];
  const replicas = (await Promise.all(crews.map((crew) => crew.replicas(server.version)))).flat();
  const verdict = compare(server, replicas);
  const [quiet = NOTHING, after = NOTHING] = memory;
  const acknowledged = acknowledgements(sent, windows);
  return {
    settings,
    acknowledged,
    typicalP99: typicalP99(sent, windows),
    figures,
    seen,
    observations,
    joining,
    quiet,
    after,
    verdict,
  };
}

const NOTHING: MemoryPerViewer = { heap: Number.NaN, resident: Number.NaN };

const per = (count: number, before: MemoryPerViewer, now: MemoryPerViewer): MemoryPerViewer => ({
  heap: (now.heap - before.heap) / count,
  resident: (now.resident - before.resident) / count,
});
