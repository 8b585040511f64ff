import type { Operation } from "@tutti/ot";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Store, type StoredOperation, StoreError } from "../../src/storage/store.js";
import { describeAccess } from "./contract-access.js";
import { describeDocuments } from "./contract-documents.js";
import { ALL, expectCode, type StoreUnderTest } from "./contract-given.js";
import { describeSegments } from "./contract-segments.js";
import { describeSnapshots } from "./contract-snapshots.js";
import { record, snapshotAt, typed, typing } from "./fixtures.js";
import { ModelStore } from "./model-store.js";

/** The promises of `Store`, numbered as there. Every implementation runs them all. */
export function describeStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of Store`, () => {
    let under: StoreUnderTest;
    let store: Store;

    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => store.close());

    /** A document with `typed` 1 … version, owned under epoch 1. */
    async function documentWith(id: string, version: number): Promise<void> {
      await store.createDocument(record(id));
      await store.claim(id);
      if (version > 0) expect(await store.append([typing(id, 1, 1, version)])).toEqual(["stored"]);
    }
    const log = (id: string): Promise<readonly StoredOperation[]> => store.operations(id, 0, ALL, ALL);

    const given = () => ({ under, store, documentWith, log });
    describeDocuments(given);
    describeSegments(given);
    describeSnapshots(given);
    describeAccess(given);

    describe("documents", () => {
      test("a document is found by its id, as it was written", async () => {
        await store.createDocument(record("a", { title: "Tea – 茶 🍵", kind: "plain" }));
        expect(await store.document("a")).toEqual(record("a", { title: "Tea – 茶 🍵", kind: "plain" }));
        expect(await store.document("b")).toBeUndefined();
      });

      test("what becomes of equal inserts is kept, whatever else changes (E5)", async () => {
        await store.createDocument(record("a", { identicalInserts: "keep" }));
        await store.createDocument(record("b", { updatedAt: 1 }));
        await store.renameDocument("a", "Plans", 3000);
        const epoch = await store.claim("a");
        await store.append([typing("a", epoch, 1)]);
        expect((await store.document("a"))?.identicalInserts).toBe("keep");
        await store.close();
        store = await under.reopen();
        const settings = (await store.documents(2)).map(({ identicalInserts }) => identicalInserts);
        expect(settings).toEqual(["keep", "merge"]);
      });

      test("a taken id is refused and the first document stays", async () => {
        await store.createDocument(record("a"));
        await expectCode(store.createDocument(record("a", { title: "Other" })), "exists");
        expect((await store.document("a"))?.title).toBe("Notes");
      });

      test("the list starts with the newest change; equal ones are in the order of their ids", async () => {
        await store.createDocument(record("c", { updatedAt: 5 }));
        await store.createDocument(record("b", { updatedAt: 7 }));
        await store.createDocument(record("a", { updatedAt: 5 }));
        expect((await store.documents(10)).map(({ id }) => id)).toEqual(["b", "a", "c"]);
        expect((await store.documents(2)).map(({ id }) => id)).toEqual(["b", "a"]);
        expect(await store.documents(0)).toEqual([]);
      });

      test("an operation and a renaming are changes; time never goes back", async () => {
        await documentWith("a", 1);
        expect((await store.document("a"))?.updatedAt).toBe(2001);
        expect(await store.renameDocument("a", "Plans", 3000.5)).toBe(true);
        expect(await store.document("a")).toEqual(record("a", { title: "Plans", updatedAt: 3000.5 }));
        await store.renameDocument("a", "Old plans", 10);
        await store.append([typing("a", 1, 2)]);
        expect(await store.document("a")).toEqual(record("a", { title: "Old plans", updatedAt: 3000.5 }));
      });

      test("renaming what does not exist says so", async () => {
        expect(await store.renameDocument("a", "Plans", 1)).toBe(false);
      });

      test("half a surrogate pair in a title comes back as U+FFFD", async () => {
        await store.createDocument(record("a", { title: "x\uD83C" }));
        expect((await store.document("a"))?.title).toBe("x\uFFFD");
        await store.renameDocument("a", "\uDF75\u0000y", 1);
        expect((await store.document("a"))?.title).toBe("\uFFFD\u0000y");
      });

      test("an unknown document has no operations, no positions, no snapshots, and can't be claimed", async () => {
        expect(await store.version("a")).toBe(0);
        expect(await log("a")).toEqual([]);
        expect(await store.clientPosition("a", "tab-1")).toBeUndefined();
        expect(await store.snapshot("a", ALL)).toBeUndefined();
        await expectCode(store.claim("a"), "unknown_document");
        await expectCode(store.saveSnapshot("a", snapshotAt(1)), "unknown_document");
        expect(await store.append([typing("a", 1, 1)])).toEqual(["unknown_document"]);
      });
    });

    describe("append", () => {
      test("what is appended is read, in order and as it was written (4)", async () => {
        const operation: Operation = [
          { insert: "é🍵", attributes: { bold: true, link: "https://example.org" }, continues: true },
          { insert: { image: { src: "x", sizes: [1, null, "2"] } } },
          { retain: 3, attributes: { bold: null } },
          { delete: 2 },
        ];
        await documentWith("a", 2);
        const third = typed(3, { operation, client: "tab-2", sequence: 1, user: "bob", checksum: 2 ** 52 - 1 });
        expect(await store.append([{ document: "a", epoch: 1, operations: [third] }])).toEqual(["stored"]);
        expect(await log("a")).toEqual([typed(1), typed(2), third]);
        expect(await store.version("a")).toBe(3);
      });

      test("a range is what it says: after < version <= upTo, at most limit", async () => {
        await documentWith("a", 6);
        const versions = async (after: number, upTo: number, limit: number): Promise<readonly number[]> =>
          (await store.operations("a", after, upTo, limit)).map(({ version }) => version);
        expect(await versions(2, 5, 10)).toEqual([3, 4, 5]);
        expect(await versions(2, 5, 2)).toEqual([3, 4]);
        expect(await versions(2, 5, 0)).toEqual([]);
        expect(await versions(5, 5, 10)).toEqual([]);
        expect(await versions(6, ALL, 10)).toEqual([]);
        expect(await versions(-1, 1, 10)).toEqual([1]);
        expect(await versions(9, 7, 10)).toEqual([]);
      });

      test.each([
        ["leaves one out", [typed(4)]],
        ["repeats the last", [typed(2)]],
        ["has a gap", [typed(3), typed(5)]],
        ["goes backwards", [typed(4), typed(3)]],
      ])("a conflict: the first version %s", async (_, operations) => {
        await documentWith("a", 2);
        expect(await store.append([{ document: "a", epoch: 1, operations }])).toEqual(["conflict"]);
        expect(await log("a")).toEqual([typed(1), typed(2)]);
      });

      test("a conflict: a client's sequences do not only grow, from the log on or in the same append (2, S2)", async () => {
        await documentWith("a", 2);
        const again = [typed(3, { sequence: 10 }), typed(4, { sequence: 1 })];
        const twice = [typed(3, { sequence: 10 }), typed(4, { sequence: 10 })];
        const back = [typed(3, { sequence: 11 }), typed(4, { sequence: 10 })];
        for (const operations of [again, twice, back]) {
          expect(await store.append([{ document: "a", epoch: 1, operations }])).toEqual(["conflict"]);
        }
        expect(await store.version("a")).toBe(2);
        expect(await log("a")).toEqual([typed(1), typed(2)]);
        expect((await store.document("a"))?.updatedAt).toBe(2002);
        const other = typed(3, { client: "tab-2", sequence: 1 });
        expect(await store.append([{ document: "a", epoch: 1, operations: [other] }])).toEqual(["stored"]);
      });

      test("each epoch fences those before it; one that was never claimed is no better (G2)", async () => {
        await store.createDocument(record("a"));
        expect(await store.append([typing("a", 0, 1)])).toEqual(["fenced"]);
        expect(await store.claim("a")).toBe(1);
        expect(await store.append([typing("a", 1, 1)])).toEqual(["stored"]);
        expect(await store.claim("a")).toBe(2);
        expect(await store.append([typing("a", 1, 2)])).toEqual(["fenced"]);
        expect(await store.append([typing("a", 3, 2)])).toEqual(["fenced"]);
        expect(await store.append([typing("a", 2, 2)])).toEqual(["stored"]);
        expect(await store.version("a")).toBe(2);
      });

      test("the fence is looked at before the version", async () => {
        await documentWith("a", 1);
        await store.claim("a");
        expect(await store.append([typing("a", 1, 9)])).toEqual(["fenced"]);
      });

      test("one call, many documents: an outcome each, and a refused one takes nothing from the others (3, 5)", async () => {
        await documentWith("a", 1);
        await documentWith("b", 0);
        await documentWith("c", 0);
        await store.claim("c");
        const outcomes = await store.append([
          typing("b", 1, 1),
          typing("a", 1, 5),
          typing("c", 1, 1),
          typing("x", 1, 1),
          { document: "a", epoch: 1, operations: [typed(2), typed(3, { sequence: 1 })] },
          typing("a", 1, 2, 3),
          typing("a", 1, 4),
        ]);
        expect(outcomes).toEqual(["stored", "conflict", "fenced", "unknown_document", "conflict", "stored", "stored"]);
        expect(await log("a")).toEqual([1, 2, 3, 4].map((version) => typed(version)));
        expect(await log("b")).toEqual([typed(1)]);
        expect(await log("c")).toEqual([]);
      });

      test("an append without operations is stored when the epoch is right", async () => {
        await documentWith("a", 1);
        const empty = { document: "a", operations: [] };
        expect(await store.append([])).toEqual([]);
        expect(
          await store.append([
            { ...empty, epoch: 1 },
            { ...empty, epoch: 2 },
          ]),
        ).toEqual(["stored", "fenced"]);
        expect(await store.version("a")).toBe(1);
      });

      test("appends that do not wait for each other are stored in the order of the calls", async () => {
        await documentWith("a", 0);
        const calls = Array.from({ length: 50 }, (_, index) => store.append([typing("a", 1, index + 1)]));
        expect(new Set((await Promise.all(calls)).flat())).toEqual(new Set(["stored"]));
        expect((await log("a")).map(({ version }) => version)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      });

      test("of two that race for one version, one is stored", async () => {
        await documentWith("a", 0);
        const rival = { ...typing("a", 1, 1), operations: [typed(1, { client: "tab-2" })] };
        const [first, second] = await Promise.all([store.append([typing("a", 1, 1)]), store.append([rival])]);
        expect([first, second].flat().sort()).toEqual(["conflict", "stored"]);
        expect(await store.version("a")).toBe(1);
      });
    });

    describe("client positions", () => {
      test("the newest operation of each client on each document", async () => {
        await documentWith("a", 3);
        await documentWith("b", 1);
        await store.append([
          { document: "a", epoch: 1, operations: [typed(4, { client: "tab-2", sequence: 1, user: "bob" })] },
        ]);
        await store.append([{ document: "a", epoch: 1, operations: [typed(5, { sequence: 12 })] }]);
        expect(await store.clientPosition("a", "tab-1")).toEqual({ sequence: 12, version: 5, user: "ada" });
        expect(await store.clientPosition("a", "tab-2")).toEqual({ sequence: 1, version: 4, user: "bob" });
        expect(await store.clientPosition("b", "tab-1")).toEqual({ sequence: 1, version: 1, user: "ada" });
        expect(await store.clientPosition("b", "tab-2")).toBeUndefined();
        expect(await store.clientPosition("b", "")).toBeUndefined();
      });

      test("a client name with half a surrogate pair finds its own operations", async () => {
        await documentWith("a", 0);
        const append = { document: "a", epoch: 1, operations: [typed(1, { client: "tab\uD83C" })] };
        await store.append([append]);
        expect(await store.clientPosition("a", "tab\uD83C")).toEqual({ sequence: 1, version: 1, user: "ada" });
        expect((await log("a"))[0]?.client).toBe("tab\uFFFD");
      });
    });

    describe("snapshots", () => {
      test("the newest one up to a version is found", async () => {
        await documentWith("a", 30);
        for (const version of [10, 30, 20]) await store.saveSnapshot("a", snapshotAt(version));
        expect(await store.snapshot("a", ALL)).toEqual(snapshotAt(30));
        expect(await store.snapshot("a", 30)).toEqual(snapshotAt(30));
        expect(await store.snapshot("a", 29)).toEqual(snapshotAt(20));
        expect(await store.snapshot("a", 10)).toEqual(snapshotAt(10));
        expect(await store.snapshot("a", 9)).toBeUndefined();
      });

      test("the empty content and a rich one come back as they were written (4)", async () => {
        await documentWith("a", 0);
        await store.saveSnapshot("a", snapshotAt(0));
        expect(await store.snapshot("a", 0)).toEqual({ version: 0, checksum: 0, time: 3000, content: [] });
      });

      test("a snapshot is replaced by one of the same version", async () => {
        await documentWith("a", 2);
        await store.saveSnapshot("a", { ...snapshotAt(1), version: 2 });
        await store.saveSnapshot("a", snapshotAt(2));
        expect(await store.snapshot("a", 2)).toEqual(snapshotAt(2));
      });

      test("content that does not have the stated checksum is damage (4, S4)", async () => {
        await documentWith("a", 2);
        await store.saveSnapshot("a", { ...snapshotAt(2), checksum: 12345 });
        await expectCode(store.snapshot("a", 2), "damaged");
      });
    });

    describe("damage (4)", () => {
      test("an operation with a flipped bit is never read", async () => {
        await documentWith("a", 3);
        await documentWith("b", 1);
        await under.damageOperation("a", 2);
        await expectCode(log("a"), "damaged");
        await expectCode(store.operations("a", 1, 2, 10), "damaged");
        expect(await store.operations("a", 2, 3, 10)).toEqual([typed(3)]);
        expect(await log("b")).toEqual([typed(1)]);
      });

      test("a damaged position of a client is never believed: no edit is stored twice, others are stored (S2)", async () => {
        await documentWith("a", 6);
        await store.append([{ document: "a", epoch: 1, operations: [typed(7, { client: "tab-2", sequence: 1 })] }]);
        await store.compact("a", 4);
        await under.damageClient("a", "tab-1");
        // From another handle: what this one has in memory is not damaged.
        await store.close();
        store = await under.reopen();
        const next = (client: string, sequence: number) =>
          answerOf(store.append([{ document: "a", epoch: 1, operations: [typed(8, { client, sequence })] }]));
        const truth = { sequence: 6, version: 6, user: "ada" };
        expect([truth, "damaged"]).toContainEqual(await answerOf(store.clientPosition("a", "tab-1")));
        expect([["conflict"], "damaged"]).toContainEqual(await next("tab-1", 6));
        expect(await store.version("a")).toBe(7);
        expect(await next("tab-2", 2)).toEqual(["stored"]);
        expect(await log("a")).toHaveLength(8);
      });

      test("a damaged snapshot is found, the one before is readable, and it can be mended (S4)", async () => {
        await documentWith("a", 20);
        await store.saveSnapshot("a", snapshotAt(10));
        await store.saveSnapshot("a", snapshotAt(20));
        await under.damageSnapshot("a", 20);
        await expectCode(store.snapshot("a", ALL), "damaged");
        expect(await store.snapshot("a", 19)).toEqual(snapshotAt(10));
        await store.saveSnapshot("a", snapshotAt(20));
        expect(await store.snapshot("a", ALL)).toEqual(snapshotAt(20));
      });
    });

    describe("values", () => {
      test("what the caller does afterwards with what it handed over changes nothing", async () => {
        await documentWith("a", 0);
        const operation = [{ insert: "b" }];
        const operations = [{ ...typed(1), operation }];
        const [mine, snapshot] = [record("b"), { ...snapshotAt(1) }];
        await store.append([{ document: "a", epoch: 1, operations }]);
        await store.createDocument(mine);
        await store.saveSnapshot("a", snapshot);
        Object.assign(operation[0] ?? {}, { insert: "x" });
        operations.pop();
        Object.assign(mine, { title: "Changed" });
        Object.assign(snapshot, { content: [] });
        expect(await log("a")).toEqual([typed(1)]);
        expect((await store.document("b"))?.title).toBe("Notes");
        expect(await store.snapshot("a", 1)).toEqual(snapshotAt(1));
      });

      test("what a reader does with what it got changes nothing", async () => {
        await documentWith("a", 1);
        const [read] = await log("a");
        try {
          Object.assign(read ?? {}, { user: "mallory" });
        } catch {
          // A frozen value is as good as a copy.
        }
        expect(await log("a")).toEqual([typed(1)]);
      });
    });

    describe("close", () => {
      test("what was under way is finished first, and then survives (1)", async () => {
        await documentWith("a", 0);
        const calls = [store.append([typing("a", 1, 1)])];
        // The first is in a commit by now, the others wait for the next one.
        await new Promise<void>((resolve) => process.nextTick(resolve));
        calls.push(store.append([typing("a", 1, 2)]), store.append([typing("a", 1, 3)]));
        await store.close();
        expect((await Promise.all(calls)).flat()).toEqual(["stored", "stored", "stored"]);
        store = await under.reopen();
        expect(await log("a")).toEqual([typed(1), typed(2), typed(3)]);
      });

      test("afterwards every method rejects with closed, and closing again is fine", async () => {
        await store.close();
        await store.close();
        const calls = [
          store.createDocument(record("a")),
          store.document("a"),
          store.documents(1),
          store.renameDocument("a", "b", 1),
          store.claim("a"),
          store.append([]),
          store.operations("a", 0, 1, 1),
          store.version("a"),
          store.clientPosition("a", "b"),
          store.saveSnapshot("a", snapshotAt(1)),
          store.snapshot("a", 1),
          store.trashedDocuments("a", 1),
          store.allDocuments(undefined, 1),
          store.documentCount("a"),
          store.trashDocument("a", "b", 1),
          store.restoreDocument("a"),
          store.purgeDocument("a"),
          store.compact("a", 1),
          store.segments("a"),
          store.segment("a", 1),
          store.archiveSegment("a", 1, "b"),
          store.saveChunks("a", [], 1),
          store.chunks("a", []),
          store.snapshots("a"),
          store.deleteSnapshot("a", 1),
          store.collectChunks("a", 1),
          store.nameVersion("a", { name: "b", version: 1, by: "c", time: 1 }),
          store.namedVersions("a"),
          store.setRole("a", "b", "c"),
          store.role("a", "b"),
          store.permissionsOf("a"),
          store.permissionsFor("b", undefined, 1),
          store.audit([]),
          store.auditRecords({}, 1),
          store.jobState("a"),
          store.saveJobState("a", "b"),
          store.reclaimSpace(),
        ];
        for (const call of calls) await expectCode(call, "closed");
      });

      test("another handle finds everything: epochs, positions, snapshots, titles", async () => {
        await documentWith("a", 5);
        await store.saveSnapshot("a", snapshotAt(5));
        await store.renameDocument("a", "Plans", 9000);
        await store.close();
        store = await under.reopen();
        expect(await store.documents(5)).toEqual([record("a", { title: "Plans", updatedAt: 9000 })]);
        expect(await store.version("a")).toBe(5);
        expect(await store.clientPosition("a", "tab-1")).toEqual({ sequence: 5, version: 5, user: "ada" });
        expect(await store.snapshot("a", 5)).toEqual(snapshotAt(5));
        expect(await store.append([typing("a", 1, 6)])).toEqual(["stored"]);
        expect(await store.claim("a")).toBe(2);
      });
    });

    test("whatever is asked, it answers like the plain model", async () => {
      let run = 0;
      const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        run += 1;
        const model = new ModelStore();
        for (const each of steps) {
          // Runs share the store, so that each document gets a name of its own.
          const document = `run-${run}-${each.document}`;
          expect(await perform(store, model, each, document)).toEqual(perform(model, model, each, document));
        }
        for (const document of model.ids()) {
          expect(await log(document)).toEqual(model.operations(document, 0, ALL, ALL));
          expect(await store.version(document)).toBe(model.version(document));
        }
      });
      // Reports the seed and the shortest failing list of steps.
      await fc.assert(property, { numRuns: 40 });
    });
  });
}

/** One random call; numbers are relative to what the model holds, so that most appends are nearly right. */
const step = fc.record({
  document: fc.integer({ min: 0, max: 2 }),
  kind: fc.constantFrom("create", "claim", "append", "append", "append", "rename", "position", "snapshot", "read"),
  versionOff: fc.constantFrom(0, 0, 0, 0, 1, -1),
  epochOff: fc.constantFrom(0, 0, 0, 0, 1, -1),
  count: fc.integer({ min: 0, max: 4 }),
  client: fc.constantFrom("tab-1", "tab-2"),
  sequence: fc.integer({ min: 1, max: 60 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does the same to a store or to the model (what is random is read from the model beforehand). */
function perform(target: Store | ModelStore, model: ModelStore, each: Step, document: string): unknown {
  const { kind, count, client, sequence } = each;
  const next = model.version(document) + 1 + each.versionOff;
  const epoch = model.epoch(document) + each.epochOff;
  const operations = Array.from({ length: count }, (_, index) =>
    typed(Math.max(1, next + index), { client, sequence: sequence + index }),
  );
  switch (kind) {
    case "create":
      return codeOf(() => target.createDocument(record(document)));
    case "claim":
      return codeOf(() => target.claim(document));
    case "append":
      return target.append([{ document, epoch, operations }]);
    case "rename":
      return target.renameDocument(document, `Title ${sequence}`, sequence * 100);
    case "position":
      return target.clientPosition(document, client);
    case "snapshot":
      return codeOf(() => target.saveSnapshot(document, snapshotAt(sequence)));
    default:
      return target.snapshot(document, sequence);
  }
}

/** What a call answers, or the code of its error. */
const answerOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (error instanceof StoreError ? error.code : error));

/** The result, or the code of the error. */
function codeOf(call: () => unknown): unknown {
  const code = (error: unknown): unknown => (error instanceof StoreError ? error.code : error);
  try {
    const result = call();
    return result instanceof Promise ? result.catch(code) : result;
  } catch (error) {
    return code(error);
  }
}
