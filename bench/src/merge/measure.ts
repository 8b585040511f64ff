import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { admit, compose, edit, flush, type Operation, type Piece, Spans, synchronised } from "@tutti/ot";
import { keystrokes, operationsOf, type Shape, textOf } from "./edits.js";
import { SIDES, yjs } from "./sides.js";

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const spansOf = (operations: readonly Operation[]): Spans =>
  operations.reduce((spans, operation) => spans.append(operation), Spans.from(0));

export interface KeystrokeFigures {
  readonly pieces: number;
  readonly components: number;
  /** Milliseconds: composing the pieces, once for everybody. */
  readonly composing: number;
  /** Milliseconds: one keystroke over ready pieces, and over the operations one by one. */
  readonly overSpans: number;
  readonly oneByOne: number;
}

/**
 * One keystroke against `count` concurrent ones. The gap starts where it hurts: the list of spans from version 1 is as
 * long as it gets.
 */
export function measureKeystroke(shape: Shape, count: number, length: number): KeystrokeFigures {
  const operations = operationsOf(keystrokes(shape, count + 1, length, 1));
  const spans = spansOf(operations);
  let pieces: readonly Piece[] = [];
  const composing = milliseconds(() => {
    pieces = (spans.between(1, count + 1) ?? []).map(({ from, to, operation }) => ({ from, to, operation }));
  });
  const history = pieces.map(({ operation }) => operation);
  const places = Array.from({ length: 300 }, (_, index) => Math.floor((index * length) / 300));
  const one = (place: number): Operation => [{ retain: place + 1 }, { insert: "x" }];
  const overSpans = places.map((place) => milliseconds(() => admit(one(place), history)));
  const behind = operations.slice(1);
  const oneByOne = places.slice(0, 20).map((place) => milliseconds(() => admit(one(place), behind)));
  return {
    pieces: pieces.length,
    components: history.reduce((sum, { length: size }) => sum + size, 0),
    composing,
    overSpans: median(overSpans.slice(100)),
    oneByOne: median(oneByOne),
  };
}

/** Milliseconds of each side's merge, the median of `rounds`; all sides are checked to converge. */
export function measureMerge(shape: Shape, count: number, length: number, rounds: number): ReadonlyMap<string, number> {
  const base = textOf(length, 7);
  const taken = new Map<string, number[]>(SIDES.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const away = keystrokes(shape, count, length, 100 + round);
    const live = keystrokes(shape, count, length, 200 + round);
    for (const side of SIDES) {
      const apart = side.apart(base, away, live);
      taken.get(side.name)?.push(apart.merge());
      const [client, server] = apart.texts();
      if (client !== server) throw new Error(`${side.name} does not converge`);
    }
  }
  return new Map([...taken].map(([name, times]) => [name, median(times)]));
}

export interface BufferFigures {
  /** Microseconds per edit, besides showing it. */
  readonly balanced: number;
  readonly oneOntoAll: number;
}

/** What an offline client does to keep an edit as one operation with all before it: as `edit` does, and naively. */
export function measureBuffer(shape: Shape, count: number, length: number): BufferFigures {
  const operations = operationsOf(keystrokes(shape, count, length, 3));
  const perEdit = (task: () => unknown): number => (milliseconds(task) * 1000) / count;
  return {
    balanced: perEdit(() => flush(operations.reduce((state, operation) => edit(state, operation), synchronised(0)))),
    oneOntoAll: perEdit(() => operations.reduce((all, operation) => compose(all, operation))),
  };
}

/** Bytes of heap per 1,000 operations of history. */
export interface MemoryFigures {
  /** Every operation, nothing composed. */
  readonly operations: number;
  /** As well all spans that fifty people ask for who left at any time. */
  readonly spans: number;
  /** As spans of 64 only, composed. */
  readonly compacted: number;
  /** What a Yjs document grows by. */
  readonly yjs: number;
}

export function measureMemory(shape: Shape, count: number, length: number): MemoryFigures {
  const list = keystrokes(shape, count, length, 5);
  const perThousand = (bytes: number): number => bytes / (count / 1000);
  const before = heapUsed();
  let spans = spansOf(operationsOf(list));
  const operations = heapUsed() - before;
  for (let index = 0; index < 50; index += 1) {
    for (const piece of spans.between(Math.floor((index * count) / 50), count) ?? []) void piece.operation;
  }
  const asked = heapUsed() - before;
  spans = spans.compact(count, 64);
  const compacted = heapUsed() - before;
  if (spans.end !== count) throw new Error("history was lost");
  const doc = yjs.apart(textOf(length, 7), [], []);
  const empty = heapUsed();
  const edited = yjs.apart(textOf(length, 7), list, []);
  const grown = heapUsed() - empty - (empty - before - compacted);
  if (doc.texts()[1] !== edited.texts()[1]) throw new Error("Yjs differs");
  return {
    operations: perThousand(operations),
    spans: perThousand(asked),
    compacted: perThousand(compacted),
    yjs: perThousand(grown),
  };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function milliseconds(task: () => unknown): number {
  const start = performance.now();
  task();
  return performance.now() - start;
}
