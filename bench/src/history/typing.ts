import { Document, type Operation } from "@tutti/ot";
import type { NewOperation } from "@tutti/server";
import { SeededRandom } from "@tutti/testkit";
import type { Trace } from "../replay/trace.js";

/** One keystroke of a recording, and the document after it. */
export interface Keystroke {
  readonly stored: NewOperation;
  readonly document: Document;
}

const START = Date.UTC(2026, 0, 1);
/** Milliseconds between two keystrokes: at least, and more on average. */
const SHORTEST_PAUSE = 40;
const MEAN_PAUSE = 140;
/** So many keystrokes go into one sitting, then a night passes. */
const SITTING = 5000;
const NIGHT = 14 * 60 * 60 * 1000;

/**
 * A recording as one operation per keystroke, with the times of a person who types (the recording has none), one client
 * per sitting, and `continues` where an insert goes on behind the one before.
 */
export function* keystrokesOf(trace: Trace): Generator<Keystroke, void, undefined> {
  const random = new SeededRandom(1);
  let document = Document.fromDelta(trace.startContent === "" ? [] : [{ insert: trace.startContent }]);
  let time = START;
  let version = 0;
  let end = -1;
  for (const [position, deleted, inserted] of trace.transactions.flat()) {
    const operation = operationOf(position, deleted, inserted, position === end);
    document = document.apply(operation);
    end = inserted === "" ? -1 : position + inserted.length;
    version += 1;
    time += Math.round(SHORTEST_PAUSE - Math.log(1 - random.next()) * MEAN_PAUSE);
    if (version % SITTING === 0) time += NIGHT;
    const client = `browser-${Math.floor(version / SITTING)}-4f1c9a77`;
    const sequence = (version % SITTING) + (version < SITTING ? 0 : 1);
    yield {
      stored: { version, client, sequence, user: "ada", time, operation, checksum: document.checksum },
      document,
    };
  }
}

function operationOf(position: number, deleted: number, inserted: string, continues: boolean): Operation {
  return [
    ...(position === 0 ? [] : [{ retain: position }]),
    ...(inserted === "" ? [] : [{ insert: inserted, ...(continues ? { continues } : undefined) }]),
    ...(deleted === 0 ? [] : [{ delete: deleted }]),
  ];
}
