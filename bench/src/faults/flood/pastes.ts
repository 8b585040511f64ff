import { type DocumentHandle, TuttiClient } from "@tutti/client";
import { OperationError } from "@tutti/ot";
import { DEFAULT_LIMITS } from "@tutti/protocol";
import { WebSocket } from "ws";
import { byteSize, grouped } from "../../replay/figures.js";
import { RawClient } from "./raw-client.js";
import type { Findings, Scenario, Stage } from "./scenario.js";

const MEGABYTE = 1_000_000;
const LINE = "The quick brown fox jumps over the lazy dog, and then it does so again and again.\n";
const textOf = (length: number): string => LINE.repeat(Math.ceil(length / LINE.length)).slice(0, length);

/** What the SDK says to one insert that is too large. */
function refusalOf(handle: DocumentHandle, text: string): string {
  try {
    handle.insert(0, text);
    return "taken";
  } catch (error) {
    return error instanceof OperationError ? error.code : String(error);
  }
}

/** Through the SDK: what no document can hold is refused before anything happens; all else is shown at once, and saved. */
async function pasteThroughSdk({ server, api, token, document }: Stage, length: number): Promise<Findings> {
  const client = new TuttiClient({ url: server.url, token, WebSocket });
  try {
    const handle = client.open(document);
    await handle.ready;
    const text = textOf(length);
    const refusal = refusalOf(handle, textOf(DEFAULT_LIMITS.documentLength + 1));
    const clear = refusal === "too_large" && handle.length === 0;
    const started = performance.now();
    handle.insert(0, text);
    const shown = performance.now() - started;
    await handle.saved();
    const saved = performance.now() - started;
    const stored = await api.content(token, document);
    const problems = [
      ...(stored.text === text ? [] : ["the server has another text than was pasted"]),
      ...(clear ? [] : [`more than a document holds: ${refusal}`]),
    ];
    const notes = [
      `more than a document holds: ${refusal}`,
      `${byteSize(length)} shown after ${grouped(shown)} ms`,
      `saved after ${grouped(saved)} ms, as ${stored.version} operations`,
    ];
    return { notes, problems };
  } finally {
    client.close();
  }
}

/** Whoever sends more than this in one frame may find the line cut before the reason could be read. */
const READ_ON = 16 * MEGABYTE;

/** Where one frame is sent: no more of a stage is needed. */
export type FrameStage = Pick<Stage, "api" | "token" | "document"> & { readonly server: { readonly url: string } };

/** As one frame, which no server takes: it must say so, or hang up, and keep nothing of it. */
export async function pasteAsOneFrame({ server, api, token, document }: FrameStage, length: number): Promise<Findings> {
  const client = await RawClient.enter(server.url, token);
  await client.open(document, "one-frame");
  const operation = [{ insert: textOf(length) }];
  client.say({ type: "submit", document, sequence: 1, version: 0, operation });
  const refusal = await client.heard(({ type }) => type === "failed" || type === "rejected");
  const error = refusal?.["error"] as { readonly code: string } | undefined;
  const answer = error?.code ?? `closed ${await client.closed}`;
  client.end();
  const { version } = await api.content(token, document);
  const clear = ["frame_too_large", "operation_too_large", "closed 1009"].includes(answer);
  const hungUp = answer === "closed 1006" && length > READ_ON;
  return {
    notes: [`${byteSize(length)} in one frame: ${answer}`],
    problems: [
      ...(clear || hungUp ? [] : [`the answer was ${answer}`]),
      ...(version === 0 ? [] : ["something of it was committed"]),
    ],
  };
}

const paste = (size: number, memory: number, rounds: number, frames: number): readonly Scenario[] => [
  {
    name: `paste-${size}`,
    description: `${size} MB pasted through the SDK`,
    memory: memory * MEGABYTE,
    others: 100,
    rounds,
    // A little less: a document of 100 MB is full, and a newcomer shall write in it afterwards.
    run: (stage) => pasteThroughSdk(stage, size * MEGABYTE - 1000),
  },
  {
    name: `frame-${size}`,
    description: `${size} MB in one frame`,
    memory: 300 * MEGABYTE,
    others: 100,
    rounds: frames,
    run: (stage) => pasteAsOneFrame(stage, size * MEGABYTE),
  },
];

export const PASTES: readonly Scenario[] = [...paste(10, 512, 6, 40), ...paste(100, 1500, 1, 6)];
