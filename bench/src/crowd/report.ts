import { table } from "../document/table.js";
import { byteSize, grouped } from "../replay/figures.js";
import type { DelayFigures } from "./measure/delays.js";
import type { Effort } from "./measure/meter.js";
import type { Observation } from "./measure/observe.js";
import type { Verdict } from "./measure/verdict.js";
import type { EditorsResult } from "./scenarios/editors.js";
import type { FanOut, FanOutResult } from "./scenarios/fan-out.js";
import { DEAD, MOVING, type PresenceResult, STILL } from "./scenarios/presence.js";
import { ALONE, type MemoryPerViewer, type ViewersResult, WATCHED } from "./scenarios/viewers.js";

type Row = readonly [what: string, aim: string, measured: string];

/** Tables in Markdown, one for each scenario. */
export const editorsReport = ({ settings, acknowledged, figures, observation, verdict }: EditorsResult): string =>
  rows(
    `#### ${settings.editors} editors, ${settings.letters} op/s and ${settings.moves} moves of a cursor a second each, ${settings.seconds} s`,
    [
      ["edit acknowledged: p50 / p99 / max", "p99 < 100 ms", delays(acknowledged["all"])],
      ["edit at the others: p50 / p99 / max", "", delays(figures.arrived["all"])],
      ["cursor at another one: p50 / p99 / max", "< 100 ms (P2)", delays(figures.cursors["all"])],
      ["edits that counted", "", grouped(acknowledged["all"]?.count ?? 0)],
      ["replicas", "all equal", verdictText(verdict)],
      ...machine("", observation),
    ],
  );

export function viewersReport({ settings, ...result }: ViewersResult): string {
  const { acknowledged, figures, seen } = result;
  const { arrived } = figures;
  const last = (label: string): Observation | undefined =>
    result.observations.findLast(({ window }) => window.label === label);
  const [alone, watched] = [last(ALONE), last(WATCHED)];
  return rows(
    `#### ${settings.editors} editors, ${settings.letters} op/s each, alone and with ${grouped(settings.viewers)} viewers, ${settings.rounds} × ${settings.seconds} s each`,
    [
      ["edit acknowledged, alone: p50 / p99 / max", "", delays(acknowledged[ALONE])],
      ["edit acknowledged, with viewers: p50 / p99 / max", "", delays(acknowledged[WATCHED])],
      ["p99 of a typical window, alone, with viewers, ratio", "≤ 2", compared(result.typicalP99, WATCHED, ALONE)],
      ["edit at other editors, alone: p50 / p99 / max", "", delays(arrived[ALONE])],
      ["edit at other editors, with viewers: p50 / p99 / max", "", delays(arrived[WATCHED])],
      ["edit at the viewers: p50 / p99 / max", "all < 1 s", delays(seen[WATCHED])],
      ["memory of the server for each viewer, nobody types: heap / resident", "< 25 kB", memory(result.quiet)],
      ["the same after they were told of edits: heap / resident", "< 25 kB", memory(result.after)],
      ["until all viewers were in", "", result.joining.map((seconds) => `${seconds.toFixed(1)} s`).join(", ")],
      ["replicas", "all equal", verdictText(result.verdict)],
      ...(alone === undefined ? [] : machine(", alone", alone)),
      ...(watched === undefined ? [] : machine(", with viewers", watched)),
    ],
  );
}

export function fanOutReport({ settings, servers }: FanOutResult): string {
  const { receivers, typists, letters, rounds, seconds } = settings;
  const title = `#### ${typists} people type ${letters} letters a second each, ${grouped(receivers)} only read, ${rounds} × ${seconds} s for each server, in turns`;
  const head = [
    "server",
    "durable",
    "told",
    "keystrokes",
    "frames to one reader",
    "server CPU per delivered keystroke",
    "of each round",
    "readers: processor",
  ];
  const cells = (server: FanOut): readonly string[] => [
    server.name,
    server.durable,
    server.told,
    grouped(server.keystrokes),
    grouped(server.frames / receivers),
    `${microseconds(server.processor / server.deliveries)} µs`,
    server.eachRound.map(microseconds).join(", "),
    server.receiving.map(({ processor }) => percent(processor)).join(", "),
  ];
  return `${title}\n\n${table(head, servers.map(cells))}`;
}

export function presenceReport({
  settings,
  acknowledged,
  figures,
  observations,
  verdict,
  ...result
}: PresenceResult): string {
  const { people, letters, moves, rounds, seconds } = settings;
  const title = `#### ${people} people, ${letters} op/s each, cursors still or ${moves} moves a second each, ${rounds} × ${seconds} s each, in turns`;
  const head = [
    "",
    "edit acknowledged: p50 / p99 / max",
    "p99 of a typical window",
    "to that with still cursors (≤ 1.1)",
    "edit at the others: p50 / p99 / max",
    "cursor at another one: p50 / p99 / max",
    "server: processor",
    "its event loop late by, p99",
    "drivers late by, p99",
  ];
  const cells = (label: string): readonly string[] => {
    const mine = observations.filter(({ window }) => window.label === label);
    return [
      label,
      delays(acknowledged[label]),
      milliseconds(result.typicalP99[label] ?? Number.NaN),
      ratio(result.typicalP99, label, STILL),
      delays(figures.arrived[label]),
      delays(figures.cursors[label]),
      mine.map(({ processor, seconds: taken }) => percent(processor / 1_000 / taken)).join(", "),
      mine.map(({ serverLag }) => milliseconds(serverLag)).join(", "),
      mine.map(({ drivers }) => milliseconds(Math.max(...drivers.map((driver) => driver.lag.p99)))).join(", "),
    ];
  };
  return `${title}\n\n${table(head, [STILL, MOVING, DEAD].map(cells))}\n\nReplicas: ${verdictText(verdict)}.`;
}

const microseconds = (milliseconds: number): string => (milliseconds * 1_000).toFixed(1);

const rows = (title: string, cells: readonly Row[]): string => `${title}\n\n${table(["", "aim", "measured"], cells)}`;

/** What the server and the drivers took: a driver that is late makes every delay longer that it measures. */
function machine(when: string, { processor, seconds, serverLag, drivers }: Observation): readonly Row[] {
  return [
    [`server${when}: processor`, "", percent(processor / 1_000 / seconds)],
    [`server${when}: its event loop late by, p99`, "", milliseconds(serverLag)],
    [`drivers${when}: processor`, "", drivers.map((effort) => percent(effort.processor)).join(", ")],
    [`drivers${when}: late by, p50 / p99 / max`, "", drivers.map(lag).join(", ")],
  ];
}

const compared = (p99: Readonly<Record<string, number>>, of: string, to: string): string =>
  `${milliseconds(p99[to] ?? Number.NaN)}, ${milliseconds(p99[of] ?? Number.NaN)}, ${ratio(p99, of, to)}`;

const ratio = (p99: Readonly<Record<string, number>>, of: string, to: string): string =>
  ((p99[of] ?? Number.NaN) / (p99[to] ?? Number.NaN)).toFixed(2);

export const delays = (figures: DelayFigures | undefined): string =>
  figures === undefined || figures.count === 0
    ? "–"
    : `${milliseconds(figures.p50)} / ${milliseconds(figures.p99)} / ${milliseconds(figures.max)}`;

const memory = ({ heap, resident }: MemoryPerViewer): string =>
  `${byteSize(Math.round(heap))} / ${byteSize(Math.round(resident))}`;

const verdictText = ({ replicas, equal, version }: Verdict): string =>
  `${grouped(replicas)} ${equal ? "equal" : "**not equal**"}, and to the server's, at version ${grouped(version)}`;

const lag = ({ lag: { p50, p99, max } }: Effort): string => [p50, p99, max].map(milliseconds).join(" / ");

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const milliseconds = (value: number): string => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`;
