import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compose,
  type Document,
  NO_EMBED_TYPES,
  type Operation,
  OperationError,
  type Piece,
  Spans,
} from "../src/index.js";
import { Pending } from "../src/spans-pending.js";
import { Span } from "../src/spans-span.js";
import { documents, holds, operationOn, steps } from "./generators.js";

/** A history from a version that is aligned to nothing, with the document at each version. */
interface History {
  readonly start: number;
  readonly operations: readonly Operation[];
  readonly contents: readonly Document[];
}
const histories: fc.Arbitrary<History> = fc
  .tuple(fc.nat(40), documents, fc.array(steps, { maxLength: 40 }))
  .map(([start, base, plan]) => {
    const contents = [base];
    const operations = plan.map((taken) => {
      const document = contents.at(-1) ?? base;
      const operation = operationOn(document, taken);
      contents.push(document.apply(operation));
      return operation;
    });
    return { start, operations, contents };
  });

const spansOf = ({ start, operations }: History): Spans =>
  operations.reduce((spans, operation) => spans.append(operation), Spans.from(start));

/** The canonical list by its definition: from left to right, the largest aligned power of two that fits. */
function canonical(history: History, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < to; ) {
    let length = 1;
    while (at % (length * 2) === 0 && at + length * 2 <= to) length *= 2;
    const parts = history.operations.slice(at - history.start, at + length - history.start);
    pieces.push({ from: at, to: at + length, operation: parts.reduce(compose) });
    at += length;
  }
  return pieces;
}

const plain = (pieces: readonly Piece[] | undefined): readonly Piece[] | undefined =>
  pieces?.map(({ from, to, operation }) => ({ from, to, operation }));

/** Two versions of the history, in order. */
function gapOf({ start, operations }: History, [a, b]: readonly [number, number]): readonly [number, number] {
  const at = (value: number): number => start + (value % (operations.length + 1));
  return [Math.min(at(a), at(b)), Math.max(at(a), at(b))];
}
const twoNumbers = fc.tuple(fc.nat(1000), fc.nat(1000));

const codeOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.code;
  }
};

describe("composed spans", () => {
  it("answer any gap with the canonical list, whose pieces lead from version to version", () => {
    holds(
      fc.tuple(histories, fc.array(twoNumbers, { maxLength: 8 })),
      ([history, gaps]) => {
        const spans = spansOf(history);
        for (const gap of gaps) {
          const [from, to] = gapOf(history, gap);
          const pieces = spans.between(from, to);
          expect(plain(pieces)).toEqual(canonical(history, from, to));
          const content = (pieces ?? []).reduce(
            (document, { operation }) => document.apply(operation),
            history.contents[from - history.start] as Document,
          );
          expect(content.checksum).toBe(history.contents[to - history.start]?.checksum);
          expect(pieces?.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(to - from + 1)));
        }
      },
      0.3,
    );
  });

  it("cut where they are told to", () => {
    holds(
      fc.tuple(histories, twoNumbers, fc.array(fc.nat(100), { maxLength: 4 })),
      ([history, gap, cuts]) => {
        const [from, to] = gapOf(history, gap);
        const bounds = [...cuts.filter((cut) => cut > from && cut < to), to].sort((a, b) => a - b);
        const expected = bounds.flatMap((bound, index) => canonical(history, bounds[index - 1] ?? from, bound));
        expect(plain(spansOf(history).between(from, to, cuts))).toEqual(expected);
      },
      0.3,
    );
  });

  it("go on canonically behind each piece: a list is decided by where it starts and ends", () => {
    const spans = Array.from({ length: 200 }).reduce<Spans>((all) => all.append([{ insert: "x" }]), Spans.from(0));
    holds(
      fc.tuple(fc.nat(200), fc.nat(200)),
      ([a, b]) => {
        const to = Math.max(a, b);
        const pieces = spans.between(Math.min(a, b), to) ?? [];
        pieces.forEach((piece, index) => {
          expect(plain(spans.between(piece.to, to))).toEqual(plain(pieces.slice(index + 1)));
        });
      },
      0.2,
    );
  });

  it("compose each span once, whoever asks and however often history grew since", () => {
    let spans = Spans.from(0);
    for (let count = 0; count < 16; count += 1) spans = spans.append([{ insert: "x" }]);
    const first = spans.between(3, 16)?.map(({ operation }) => operation);
    const later = spans.append([{ insert: "y" }]).between(3, 16);
    expect(first?.length).toBe(3);
    later?.forEach(({ operation }, index) => void expect(operation).toBe(first?.[index]));
  });

  it("are values: what comes later does not change them", () => {
    holds(
      histories,
      (history) => {
        const all = [Spans.from(history.start)];
        for (const operation of history.operations) all.push((all.at(-1) as Spans).append(operation));
        all.forEach((spans, index) => {
          const end = history.start + index;
          expect([spans.start, spans.end]).toEqual([history.start, end]);
          expect(plain(spans.between(history.start, end))).toEqual(canonical(history, history.start, end));
        });
      },
      0.1,
    );
  });

  it("have nothing to say about versions outside, and refuse to go back", () => {
    const spans = Spans.from(5).append([{ insert: "a" }]);
    expect(spans.between(4, 6)).toBeUndefined();
    expect(spans.between(5, 7)).toBeUndefined();
    expect(spans.between(5, 5)).toEqual([]);
    expect([4, 5, 6, 7].map((version) => spans.reaches(version))).toEqual([false, true, true, false]);
    expect(codeOf(() => spans.between(6, 5))).toBe("out_of_range");
    expect(codeOf(() => Spans.from(-1))).toBe("malformed");
    expect(codeOf(() => Spans.from(0.5))).toBe("malformed");
  });
});

describe("compact", () => {
  const lengths = fc.constantFrom(1, 2, 4, 8, 16);

  it("answers exactly the gaps whose ends are late enough or aligned, with the same pieces", () => {
    holds(
      fc.tuple(histories, fc.nat(80), lengths, twoNumbers, fc.boolean()),
      ([history, before, length, gap, askedBefore]) => {
        const spans = spansOf(history);
        const [from, to] = gapOf(history, gap);
        if (askedBefore) spans.between(from, to)?.map(({ operation }) => operation);
        const compacted = spans.compact(before, length);
        const expected = canonical(history, from, to);
        const answer = plain(compacted.between(from, to));
        const promised = (version: number): boolean => version >= before || version % length === 0;
        if (promised(from) && promised(to)) expect(answer).toEqual(expected);
        else expect([undefined, expected]).toContainEqual(answer);
        expect(plain(spans.between(from, to))).toEqual(expected);
      },
      0.5,
    );
  });

  it("keeps few spans when it is called with longer ones for older times", () => {
    let spans = Spans.from(0);
    for (let count = 0; count < 5_000; count += 1) {
      spans = spans.append([{ retain: count }, { insert: "x" }]);
      if (count % 64 === 0) {
        for (let length = 4; length <= 1024; length *= 4) spans = spans.compact(count - 32 * length, length);
      }
    }
    const smallest = spans.pieces().filter((piece, index, all) => piece.from === (all[index - 1]?.to ?? 0));
    expect(smallest.length).toBeLessThan(700);
    expect(spans.between(0, 5_000)?.length).toBeLessThan(12);
    expect(spans.reaches(4_999)).toBe(true);
    expect(spans.reaches(1)).toBe(false);
  });

  it("gives back the same spans where there is nothing to drop", () => {
    const spans = spansOf({ start: 0, operations: Array.from({ length: 9 }, () => [{ insert: "x" }]), contents: [] });
    const once = spans.compact(8, 4);
    expect(once.pieces()).toEqual(once.compact(8, 4).pieces());
    expect(codeOf(() => spans.compact(8, 3))).toBe("out_of_range");
    expect(codeOf(() => spans.compact(8, 0.5))).toBe("out_of_range");
  });
});

describe("forget", () => {
  it("keeps what comes later, with the same pieces", () => {
    holds(
      fc.tuple(histories, fc.nat(80), twoNumbers),
      ([history, before, gap]) => {
        const spans = spansOf(history);
        const rest = spans.forget(before);
        const [from, to] = gapOf(history, gap);
        expect(rest.start).toBe(Math.min(Math.max(before, history.start), spans.end));
        const expected = from < rest.start ? undefined : canonical(history, from, to);
        expect(plain(rest.between(from, to))).toEqual(expected);
        expect(plain(rest.append([{ insert: "x" }]).between(from, to))).toEqual(expected);
      },
      0.3,
    );
  });

  it("keeps a span without detail whole", () => {
    const spans = spansOf({ start: 0, operations: Array.from({ length: 9 }, () => [{ insert: "x" }]), contents: [] });
    expect(spans.compact(8, 4).forget(6).start).toBe(4);
  });
});

describe("stored history", () => {
  it("is the same history again, and what was composed need not be composed again", () => {
    holds(
      fc.tuple(histories, twoNumbers, fc.nat(80), fc.constantFrom(1, 2, 4)),
      ([history, gap, before, length]) => {
        const [from, to] = gapOf(history, gap);
        const spans = spansOf(history).compact(before, length);
        spans.between(from, to)?.map(({ operation }) => operation);
        const stored = JSON.parse(JSON.stringify(spans.pieces())) as readonly Piece[];
        const again = Spans.of(history.start, stored);
        expect([again.start, again.end]).toEqual([spans.start, spans.end]);
        expect(again.pieces()).toEqual(spans.pieces());
        expect(plain(again.between(from, to))).toEqual(plain(spans.between(from, to)));
      },
      0.3,
    );
  });

  it("may come in any order in which each piece is behind the operations that it covers", () => {
    const rest = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });
    holds(
      fc.tuple(histories, rest),
      ([history, order]) => {
        const { start, operations } = history;
        const spans = spansOf(history);
        // Asking for all these gaps composes spans of every length.
        for (let from = start; from < spans.end; from += 1)
          spans.between(from, spans.end)?.map((span) => span.operation);
        const single = spans.pieces().filter(({ from, to }) => to - from === 1);
        const composed = spans.pieces().filter(({ from, to }) => to - from > 1);
        const rank = (index: number): number => order[index % order.length] as number;
        const shuffled = composed.map((piece, index) => [rank(index), piece] as const).sort(([a], [b]) => a - b);
        const again = Spans.of(start, [...single, ...shuffled.map(([, piece]) => piece)]);
        expect(single.length).toBe(operations.length);
        expect(again.pieces()).toEqual(spans.pieces());
      },
      0.1,
    );
  });

  const one = (from: number, to: number): Piece => ({ from, to, operation: [{ insert: "x" }] });
  it.each([
    ["a gap", [one(0, 1), one(2, 3)]],
    ["an overlap", [one(0, 2), one(1, 2), one(0, 4)]],
    ["what is not aligned", [one(0, 1), one(1, 3)]],
    ["what is no power of two", [one(0, 3)]],
    ["what goes nowhere", [one(0, 0)]],
    ["what is no version", [one(-1, 0)]],
    ["what is no number", [{ from: 0, to: Number.NaN, operation: [] }]],
  ])("refuses %s", (_name, pieces) => expect(codeOf(() => Spans.of(0, pieces))).toBe("malformed"));
});

describe("a span", () => {
  it("closes to its composition, which is all that is left", () => {
    const leaf = (from: number): Span => Span.leaf({ from, to: from + 1, operation: [{ insert: "x" }] });
    const closed = Span.join(leaf(0), leaf(1), NO_EMBED_TYPES).closed();
    expect([closed.halves, closed.operation, closed.closed()]).toEqual([undefined, [{ insert: "xx" }], closed]);
  });
});

describe("pending edits", () => {
  it("are the composition of all, at any time", () => {
    holds(
      histories,
      ({ operations }) => {
        const [first, ...rest] = operations;
        if (first === undefined) return;
        let pending = Pending.of(first, NO_EMBED_TYPES);
        let whole = first;
        const kept: (readonly [Pending, Operation])[] = [];
        for (const operation of rest) {
          pending = pending.append(operation);
          whole = compose(whole, operation);
          kept.push([pending, whole]);
          expect(pending.cancels).toBe(whole.length === 0);
        }
        for (const [then, expected] of kept) expect(then.whole).toEqual(expected);
      },
      0.3,
    );
  });
});
