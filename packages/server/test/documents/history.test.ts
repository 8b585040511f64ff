import { compose, Document, type Operation, type Piece, Spans } from "@tutti/ot";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { Gap } from "../../src/delivery/reader.js";
import { History } from "../../src/documents/history.js";
import type { Store, StoredOperation } from "../../src/storage/store.js";

/** A log of single letters at random places, and what the store would say of it. */
function logOf(count: number, text = "x") {
  const random = new SeededRandom(3);
  let document = Document.empty;
  const log: StoredOperation[] = [];
  for (let version = 1; version <= count; version += 1) {
    const at = random.between(0, document.length);
    const operation: Operation = at === 0 ? [{ insert: text }] : [{ retain: at }, { insert: text }];
    document = document.apply(operation);
    const { checksum } = document;
    log.push({ version, client: `c${version % 3}`, sequence: version, user: "u", time: version, operation, checksum });
  }
  let rowsRead = 0;
  const store = {
    operations: async (_document: string, after: number, upTo: number, limit: number) => {
      const rows = log.slice(after, Math.min(upTo, after + limit));
      rowsRead += rows.length;
      return rows;
    },
  } as Partial<Store> as Store;
  return { log, store, rowsRead: () => rowsRead, document };
}

function historyOf(log: readonly StoredOperation[], store: Store): History {
  const history = new History(store, new VirtualClock(), "doc", [], 0);
  for (let at = 0; at < log.length; at += 7) history.append(log.slice(at, at + 7));
  return history;
}

/** The canonical list, with what lies between two multiples of 4096 as one. */
function asTold(pieces: readonly Piece[]): readonly (readonly [number, number, Operation])[] {
  const told: [number, number, Operation][] = [];
  for (const { from, to, operation } of pieces) {
    const last = told.at(-1);
    if (last === undefined || from % 4096 === 0) told.push([from, to, operation]);
    else told.splice(-1, 1, [last[0], to, compose(last[2], operation)]);
  }
  return told;
}

const span = (from: number, to: number): Gap => ({ from, to, by: "span" });

describe("the history of a document", () => {
  const { log, store, rowsRead, document } = logOf(7000);
  const history = historyOf(log, store);
  const all = log.reduce((spans, { operation }) => spans.append(operation), Spans.from(0));
  const random = new SeededRandom(5);
  const gaps = Array.from({ length: 60 }, () => {
    const from = random.between(0, 6999);
    return span(from, random.between(from + 1, 7000));
  });

  it("E7: tells a gap as the same pieces whether it is in memory, forgotten, or read from the store", async () => {
    const reloaded = new History(store, new VirtualClock(), "doc", log.slice(-100), 7000);
    for (const gap of [...gaps, span(0, 7000), span(255, 257), span(256, 512), span(6999, 7000)]) {
      const expected = asTold(all.between(gap.from, gap.to) ?? []);
      for (const holder of [history, reloaded]) {
        const pieces = await holder.pieces([gap]);
        expect(pieces.map(({ from, last, operation }) => [from, last.version, operation])).toEqual(expected);
        for (const { last } of pieces) expect(last).toMatchObject({ checksum: log[last.version - 1]?.checksum });
      }
    }
  });

  it("goes on behind each piece as it would from there", async () => {
    for (const gap of gaps) {
      const pieces = await history.pieces([gap]);
      const [first] = pieces;
      const rest = await history.pieces([span(first?.last.version ?? gap.to, gap.to)]);
      expect(rest).toEqual(pieces.slice(1));
    }
  });

  it("leads from any version to the newest content", async () => {
    const start = log.slice(0, 3000).reduce((content, { operation }) => content.apply(operation), Document.empty);
    const pieces = await history.pieces([span(3000, 7000)]);
    expect(pieces.map(({ from, last }) => [from, last.version])).toEqual([
      [3000, 4096],
      [4096, 7000],
    ]);
    const end = pieces.reduce((content, { operation }) => content.apply(operation), start);
    expect(end.checksum).toBe(document.checksum);
  });

  it("reads a few rows where most of a long gap is remembered as blocks", async () => {
    const before = rowsRead();
    await history.pieces([span(300, 7000)]);
    expect(rowsRead() - before).toBeLessThanOrEqual(256);
  });

  it("tells operations one by one where they are wanted so, from the store where they left memory", async () => {
    const pieces = await history.pieces([
      { from: 10, to: 14, by: "operation" },
      { from: 14, to: 15, by: "own" },
    ]);
    expect(pieces.map(({ last }) => last)).toEqual(log.slice(10, 15));
    expect(history.recentPieces([{ from: 10, to: 14, by: "operation" }])).toBeUndefined();
    expect(history.recentPieces([span(6990, 7000)])?.length).toBe(1);
  });

  it("S12: keeps about 2,000 operations, and no more than its bytes", () => {
    expect(history.recentSince(7000 - 2000)).toHaveLength(2000);
    expect(history.recentSince(7000 - 3000)).toBeUndefined();
    const { log: large, store: other } = logOf(200, "y".repeat(100_000));
    const heavy = historyOf(large, other);
    expect(heavy.bytes).toBeLessThan(20_000_000);
    expect(heavy.recentSince(150)).toBeUndefined();
    expect(heavy.recentSince(200)).toEqual([]);
  });
});
