import { join } from "node:path";
import { Document, type Operation } from "@tutti/ot";
import { SqliteStore } from "@tutti/server";
import * as Y from "yjs";
import { CodePointText, type UnitPatch } from "../replay/code-point-text.js";
import { readTrace } from "../replay/trace.js";
import { type Contestant, hocuspocus, type Running, tutti } from "./contestants.js";
import type { Target } from "./dialects/dialect.js";
import { speak } from "./dialects/names.js";
import { TEXT_NAME, updateMessage } from "./dialects/yjs.js";
import { connectEditor } from "./editor.js";
import { LeanSocket } from "./lean-socket.js";

export interface ColdOpen {
  /** Milliseconds from opening the socket to the whole content. */
  readonly wall: number;
  /** Processor milliseconds of the server meanwhile. */
  readonly cpu: number;
}

const DOCUMENT = "recorded";
const OPERATIONS_AT_ONCE = 1_000;
/** Hocuspocus stores at most this long after a change, in milliseconds. */
const STORED_AFTER = 12_000;

/** Opens the document of a recorded session in a server that was just started, and knows others only. */
export async function coldOpenTutti(file: string, folder: string): Promise<ColdOpen> {
  await writeHistory(file, join(folder, "tutti.sqlite"));
  // Once opened and stopped in good order, the server leaves a snapshot, as any server that had these edits.
  const before = await tutti.start(folder);
  await openOnce(tutti, { ...(await before.target()), document: DOCUMENT }, "before");
  await before.stop();
  return coldOpen(tutti, folder);
}

/** As `coldOpenTutti`. */
export async function coldOpenHocuspocus(file: string, folder: string): Promise<ColdOpen> {
  const document = new Y.Doc();
  document.clientID = 1;
  const text = document.getText(TEXT_NAME);
  for (const { index, deleted, inserted } of await patchesOf(file)) {
    document.transact(() => {
      if (deleted > 0) text.delete(index, deleted);
      if (inserted !== "") text.insert(index, inserted);
    });
  }
  const before = await hocuspocus.start(folder);
  const target = { ...(await before.target()), document: DOCUMENT };
  const dialect = speak("hocuspocus", target, "before", 0);
  const events = { message: () => undefined, closed: () => undefined };
  const socket = await LeanSocket.open(new URL(dialect.path, target.url), dialect.subprotocol, events);
  for (const message of dialect.greeting()) socket.send(message);
  socket.send(updateMessage(Y.encodeStateAsUpdate(document), DOCUMENT));
  await new Promise((resolve) => setTimeout(resolve, STORED_AFTER));
  socket.end();
  await before.stop();
  return coldOpen(hocuspocus, folder);
}

async function coldOpen(contestant: Contestant, folder: string): Promise<ColdOpen> {
  const running = await contestant.start(folder);
  try {
    return await measure(contestant, running);
  } finally {
    await running.stop();
  }
}

async function measure(contestant: Contestant, { server, target }: Running): Promise<ColdOpen> {
  const other = await target();
  // Code that runs for the first time is not what is measured.
  for (let count = 0; count < 20; count += 1) await openOnce(contestant, await target(), `warm${count}`);
  const before = await server.probe();
  const started = performance.now();
  await openOnce(contestant, { ...other, document: DOCUMENT }, "cold");
  const wall = performance.now() - started;
  return { wall, cpu: (await server.probe()).cpu - before.cpu };
}

async function openOnce({ dialect }: Contestant, target: Target, name: string): Promise<void> {
  const told = { acknowledged: () => undefined, delivered: () => undefined };
  (await connectEditor(target, speak(dialect, target, name, 0), told)).end();
}

/** Every edit as an operation of its own, through the server's own store. */
async function writeHistory(file: string, database: string): Promise<void> {
  const store = await SqliteStore.open({ file: database });
  const times = { createdAt: 1, updatedAt: 1 };
  const record = { id: DOCUMENT, title: "Recorded", kind: "plain", createdBy: "bench", ...times } as const;
  await store.createDocument({ ...record, identicalInserts: "merge" });
  const epoch = await store.claim(DOCUMENT);
  let content = Document.empty;
  const operations = (await patchesOf(file)).map((patch, index) => {
    const operation = operationOf(patch);
    content = content.apply(operation);
    const number = { version: index + 1, sequence: index + 1, time: index + 1 };
    return { ...number, client: "bench", user: "bench", operation, checksum: content.checksum };
  });
  for (let start = 0; start < operations.length; start += OPERATIONS_AT_ONCE) {
    await store.append([
      { document: DOCUMENT, epoch, operations: operations.slice(start, start + OPERATIONS_AT_ONCE) },
    ]);
  }
  await store.close();
}

async function patchesOf(file: string): Promise<readonly UnitPatch[]> {
  const { startContent, transactions } = await readTrace(file);
  const text = new CodePointText(startContent);
  return transactions.flat().map(([position, deleted, inserted]) => text.apply(position, deleted, inserted));
}

function operationOf({ index, deleted, inserted }: UnitPatch): Operation {
  const operation: { retain?: number; insert?: string; delete?: number }[] = [];
  if (index > 0) operation.push({ retain: index });
  if (inserted !== "") operation.push({ insert: inserted });
  if (deleted > 0) operation.push({ delete: deleted });
  return operation as unknown as Operation;
}
