import { gunzipSync } from "node:zlib";

/** At a position (in code points) remove so many code points, then insert the text. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** What one person did in one go, knowing exactly the first `seen[a]` edits of each author `a`. */
export interface RecordedEdit {
  readonly seen: readonly number[];
  readonly patches: readonly Patch[];
}

/** A session in which several people edited at once: their edits, in the order each of them made them. */
export interface Recording {
  readonly endContent: string;
  readonly authors: readonly (readonly RecordedEdit[])[];
}

/** A file that is no concurrent recording, or one that can't be replayed. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

interface Transaction {
  readonly parents: readonly number[];
  readonly agent: number;
  readonly patches: readonly Patch[];
}

/**
 * @param bytes JSON of josephg/editing-traces, gzipped or not
 * @throws RecordingError
 */
export function parseRecording(bytes: Uint8Array): Recording {
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const json: unknown = JSON.parse((gzipped ? gunzipSync(bytes) : Buffer.from(bytes)).toString());
  if (!isObject(json) || json["kind"] !== "concurrent") throw new RecordingError("not a concurrent recording");
  const { endContent, numAgents, txns } = json;
  if (typeof endContent !== "string" || typeof numAgents !== "number" || !Array.isArray(txns)) {
    throw new RecordingError("endContent, numAgents and txns are missing");
  }
  return { endContent, authors: byAuthor(txns.map(parseTransaction), numAgents) };
}

/** Turns "made after these" into "made knowing so many of each author's". */
function byAuthor(transactions: readonly Transaction[], count: number): readonly (readonly RecordedEdit[])[] {
  const authors: RecordedEdit[][] = Array.from({ length: count }, () => []);
  /** What is known after each transaction. */
  const known: (readonly number[])[] = [];
  transactions.forEach(({ parents, agent, patches }, index) => {
    const own = authors[agent];
    if (own === undefined) throw new RecordingError(`transaction ${index} is of agent ${agent} of ${count}`);
    const seen = parents.reduce((sum, parent) => merge(sum, known[parent], index), Array<number>(count).fill(0));
    if (seen[agent] !== own.length)
      throw new RecordingError(`transaction ${index}: its author forgot an edit of their own`);
    own.push({ seen, patches });
    known.push(seen.with(agent, own.length));
  });
  return authors;
}

function merge(a: number[], b: readonly number[] | undefined, index: number): number[] {
  if (b === undefined) throw new RecordingError(`transaction ${index} has a parent that comes later`);
  return a.map((count, author) => Math.max(count, b[author] ?? 0));
}

function parseTransaction(json: unknown, index: number): Transaction {
  if (!isObject(json)) throw new RecordingError(`transaction ${index} is not an object`);
  const { parents, agent, patches } = json;
  const valid = Array.isArray(parents) && parents.every(Number.isInteger) && Number.isInteger(agent);
  if (!valid || !Array.isArray(patches) || !patches.every(isPatch)) {
    throw new RecordingError(`transaction ${index} lacks parents, agent or patches`);
  }
  return { parents: parents as number[], agent: agent as number, patches };
}

function isPatch(json: unknown): json is Patch {
  if (!Array.isArray(json) || json.length !== 3) return false;
  const [position, deleted, inserted] = json as readonly unknown[];
  return Number.isInteger(position) && Number.isInteger(deleted) && typeof inserted === "string";
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
