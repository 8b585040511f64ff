import type { Contestant, Running } from "./contestants.js";
import type { Target } from "./dialects/dialect.js";
import { speak } from "./dialects/names.js";
import { connectEditor, type Editor } from "./editor.js";
import type { Probe } from "./probe.js";

/** Bytes after a full collection: of V8's heap with what it keeps outside, and of the whole process. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

export interface MemoryUse {
  /** For each idle connection to one document. */
  readonly connection: Memory;
  /** For each document with one letter, besides the connection that has it open. */
  readonly document: Memory | undefined;
}

/** Before anything counts, so that what is made once for all is there already. */
const WARM_UP = 100;
const COUNT = 500;

/** @param documents false where a server keeps no document in memory */
export async function measureMemory(
  { dialect }: Contestant,
  { server, target }: Running,
  documents: boolean,
): Promise<MemoryUse> {
  const editors: Editor[] = [];
  let acknowledged: () => void = () => undefined;
  const connect = async (where: Target): Promise<Editor> => {
    const name = `memory${editors.length}`;
    const told = { acknowledged: () => acknowledged(), delivered: () => undefined };
    const editor = await connectEditor(where, speak(dialect, where, name, editors.length), told);
    editors.push(editor);
    return editor;
  };
  const write = async (): Promise<void> => {
    const editor = await connect(await target());
    await new Promise<void>((resolve) => {
      acknowledged = resolve;
      editor.type();
    });
  };
  const one = await target();
  for (let count = 0; count < WARM_UP; count += 1) await (documents && count % 2 === 1 ? write() : connect(one));
  const start = await server.probe(true);
  for (let count = 0; count < COUNT; count += 1) await connect(one);
  const connected = await server.probe(true);
  const connection = difference(start, connected);
  if (documents) for (let count = 0; count < COUNT; count += 1) await write();
  const loaded = difference(connected, await server.probe(true));
  for (const editor of editors) editor.end();
  if (!documents) return { connection, document: undefined };
  const document = {
    heap: loaded.heap - connection.heap,
    resident: loaded.resident - connection.resident,
  };
  return { connection, document };
}

const difference = (before: Probe, after: Probe): Memory => ({
  heap: (after.heap - before.heap) / COUNT,
  resident: (after.resident - before.resident) / COUNT,
});
