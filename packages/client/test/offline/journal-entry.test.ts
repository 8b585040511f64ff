import { Document, equalOperations } from "@tutti/ot";
import { documents, operationsOn } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Replica } from "../../src/document/replica.js";
import { preload } from "../../src/index.js";
import { decodeEntry, encodeEntry, type JournalEntry } from "../../src/offline/journal-entry.js";
import { putInFlight, restoreReplica } from "../../src/offline/restoring.js";
import { joinEntries, snapshotEntries, splitEntries } from "../../src/offline/snapshot.js";

// The other half of the replica: it is not waited for here.
await preload();

const DETAILS = { kind: "rich", title: "T", role: "editor", identicalInserts: "keep" } as const;

const entries: readonly JournalEntry[] = [
  { kind: "edit", operation: [{ retain: 3 }, { insert: "é😀", attributes: { bold: true }, continues: true }] },
  { kind: "flight", flight: { sequence: 300, budget: Number.POSITIVE_INFINITY, operation: [{ delete: 2 }] } },
  { kind: "flight", flight: { sequence: 1, budget: 137_500, operation: [{ insert: { image: "x" } }] } },
  {
    kind: "commit",
    change: { client: "Zoë", sequence: 2 ** 40, versions: 7, checksum: 0, operation: [{ insert: "a" }] },
  },
  { kind: "commit", change: { client: "c", sequence: 1, versions: 1, checksum: 2 ** 52 - 1 } },
  { kind: "commit", change: { client: "c", sequence: 1, versions: 1, checksum: undefined } },
  { kind: "details", details: { title: "", role: "viewer" } },
  { kind: "content", operation: [{ insert: "a\n", attributes: { list: "bullet" } }] },
  { kind: "in_flight", operation: [{ insert: "x" }] },
  { kind: "buffer", operation: [{ retain: 1, attributes: { bold: null } }] },
];

describe("an entry of a journal", () => {
  it.each(entries.map((entry, index) => [index, entry.kind, entry] as const))(
    "%i, %s, is read as it was written",
    (_index, _kind, entry) => {
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
    },
  );

  it("with any one bit wrong, or cut short anywhere, can't be read", () => {
    for (const entry of entries) {
      const bytes = encodeEntry(entry);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decodeEntry(damaged)).toBeUndefined();
      }
      for (let length = 0; length < bytes.length; length += 1) {
        expect(decodeEntry(bytes.subarray(0, length))).toBeUndefined();
      }
    }
  });

  it("takes a keystroke in about a dozen bytes", () => {
    const keystroke = encodeEntry({ kind: "edit", operation: [{ retain: 40_000 }, { insert: "a", continues: true }] });
    expect(keystroke.length).toBeLessThan(16);
  });
});

describe("a snapshot", () => {
  function snapshotOf(replica: Replica): Uint8Array {
    const steps = snapshotEntries(replica.state, DETAILS);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return joinEntries(value);
    }
  }

  /** A replica with some content, something in flight and something in the buffer. */
  const replicas = documents().chain((document) =>
    fc.tuple(fc.constant(document), operationsOn(document)).chain(([base, first]) =>
      operationsOn(base.apply(first)).map((second) => {
        const replica = new Replica("me");
        replica.replace(base.toDelta(), 7, base.checksum, 3);
        replica.identicalInserts = "keep";
        if (first.length > 0) replica.edit(first);
        replica.flush(Number.POSITIVE_INFINITY);
        if (second.length > 0) replica.edit(second);
        return replica;
      }),
    ),
  );

  it("gives the same replica again", () => {
    fc.assert(
      fc.property(replicas, (replica) => {
        const restored = new Replica("somebody");
        const found = restoreReplica(restored, { snapshot: snapshotOf(replica), entries: [] });
        expect(found).toEqual({ kind: "restored", details: DETAILS, cut: false });
        const [a, b] = [replica.state, restored.state];
        expect({ ...b, base: b.base.toDelta() }).toEqual({ ...a, base: a.base.toDelta() });
        expect(restored.visible.toDelta()).toEqual(replica.visible.toDelta());
      }),
    );
  });

  it("of a large document has it in parts, and goes on with the steps behind it", () => {
    const text = "lorem ipsum 😀 ".repeat(30_000);
    const replica = new Replica("me");
    const content = [{ insert: text.slice(0, 200_000) }, { insert: text.slice(200_000), attributes: { bold: true } }];
    replica.replace(content, 1, Document.fromDelta(content).checksum, 0);
    expect([...snapshotEntries(replica.state, DETAILS)].length).toBeGreaterThan(3);
    const edit = encodeEntry({ kind: "edit", operation: [{ retain: 5 }, { insert: "X" }] });
    const restored = new Replica("somebody");
    restoreReplica(restored, { snapshot: snapshotOf(replica), entries: [edit] });
    expect(restored.base.checksum).toBe(replica.base.checksum);
    expect(restored.visible.text()).toBe(`${text.slice(0, 5)}X${text.slice(5)}`);
  });

  it("that is damaged anywhere gives a state that was, or nothing", () => {
    const replica = new Replica("me");
    replica.replace([{ insert: "content" }], 1, Document.fromDelta([{ insert: "content" }]).checksum, 0);
    replica.edit([{ insert: "1" }]);
    replica.flush(Number.POSITIVE_INFINITY);
    replica.edit([{ retain: 1 }, { insert: "2" }]);
    const snapshot = snapshotOf(replica);
    for (let index = 0; index < snapshot.length; index += 1) {
      const damaged = snapshot.slice();
      damaged[index] = (damaged[index] ?? 0) ^ 0x20;
      const restored = new Replica("somebody");
      const found = restoreReplica(restored, { snapshot: damaged, entries: [] });
      if (found.kind === "restored") {
        expect(found.cut).toBe(true);
        expect(["content", "1content"]).toContain(restored.visible.text());
      } else {
        expect([found.kind, restored.client, restored.visible.length]).toEqual(["unreadable", "somebody", 0]);
      }
    }
  });

  it("is there, or the entries mean nothing", () => {
    const edit = encodeEntry({ kind: "edit", operation: [{ insert: "X" }] });
    expect(restoreReplica(new Replica("x"), { snapshot: undefined, entries: [] }).kind).toBe("empty");
    expect(restoreReplica(new Replica("x"), { snapshot: undefined, entries: [edit] }).kind).toBe("unreadable");
  });
});

it("what was in flight stays the very operation, whatever the buffer would be made of today", () => {
  const replica = new Replica("me");
  replica.edit([{ insert: "abc" }]);
  putInFlight(replica, { sequence: 4, budget: Number.POSITIVE_INFINITY, operation: [{ insert: "ab" }] });
  expect([replica.sequence, replica.inFlight]).toEqual([4, [{ insert: "ab" }]]);
  expect(replica.visible.text()).toBe("abc");
  const [first = [], second = []] = replica.pending;
  expect(equalOperations(Document.empty.apply(first).apply(second).toDelta(), [{ insert: "abc" }])).toBe(true);
});

it("joined entries are split again; what is cut short leaves an entry that nobody can read", () => {
  const parts = [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(300)];
  const joined = joinEntries(parts);
  expect(splitEntries(joined).map((part) => part.length)).toEqual([0, 1, 300]);
  expect(splitEntries(joined.subarray(0, 100)).map((part) => part.length)).toEqual([0, 1, 0]);
});
