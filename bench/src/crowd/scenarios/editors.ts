import type { EditorFigures } from "../crews/editors.js";
import { type Observation, observe, pause } from "../measure/observe.js";
import { acknowledgements, type DelaysByLabel } from "../measure/sent.js";
import { compare, type Verdict } from "../measure/verdict.js";
import { onStage, Stage } from "../stage.js";

export interface EditorsSettings {
  readonly editors: number;
  /** Letters and moves of a cursor that each makes in a second. */
  readonly letters: number;
  readonly moves: number;
  readonly warmUp: number;
  readonly seconds: number;
}

export interface EditorsResult {
  readonly settings: EditorsSettings;
  /** From sending an edit to its acknowledgement. */
  readonly acknowledged: DelaysByLabel;
  readonly figures: EditorFigures;
  readonly observation: Observation;
  readonly verdict: Verdict;
}

/** Real clients among the editors. */
const SAMPLE = 4;

/** One document, many who edit it, all their cursors moving. */
export function editorsScenario(settings: EditorsSettings): Promise<EditorsResult> {
  return onStage(Stage.set(), (stage) => play(stage, settings));
}

async function play(stage: Stage, settings: EditorsSettings): Promise<EditorsResult> {
  const light = settings.editors - SAMPLE;
  const tokens = await stage.people(settings.editors);
  const clients = (await stage.clients({ tokens: tokens.slice(light), typing: SAMPLE })).remote;
  const editors = stage.editors().remote;
  await editors.join({ place: stage.place, tokens: tokens.slice(0, light), first: 0, all: light });
  await editors.type(settings.letters);
  await editors.move(settings.moves);
  await clients.type(settings.letters);
  await pause(settings.warmUp * 1_000);
  const observation = await observe(stage, { label: "all", seconds: settings.seconds, drivers: [editors] });
  await clients.rest();
  await editors.rest();
  const sent = [await editors.sent()];
  const windows = [observation.window];
  const figures = await editors.figures(sent, windows);
  const server = await stage.content();
  const replicas = [...(await editors.replicas(server.version)), ...(await clients.replicas(server.version))];
  const acknowledged = acknowledgements(sent, windows);
  return { settings, acknowledged, figures, observation, verdict: compare(server, replicas) };
}
