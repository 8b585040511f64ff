import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unpackSegment } from "../../src/storage/segment-format.js";
import { ALL, expectCode, type Given } from "./contract-given.js";
import { record, typed, typing } from "./fixtures.js";

/** An operation as it comes out of a segment. */
const packed = (version: number, last: number): object => {
  const { checksum, ...rest } = typed(version);
  return version === last || version % 500 === 0 ? { ...rest, checksum } : rest;
};
const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Old operations, packed (H3). */
export function describeSegments(given: () => Given): void {
  describe("segments", () => {
    test("packing changes nothing but checksums: operations, authors and times read as before", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 1100);
      const info = await store.compact("a", 1003);
      expect(info).toMatchObject({ first: 1, last: 1003, earliest: 2001, latest: 3003 });
      expect(await store.segments("a")).toEqual([info]);
      const read = await log("a");
      expect(read.slice(0, 1003)).toEqual(range(1, 1003).map((version) => packed(version, 1003)));
      expect(read.slice(1003)).toEqual(range(1004, 1100).map((version) => typed(version)));
      expect(await store.version("a")).toBe(1100);
      expect((await store.document("a"))?.updatedAt).toBe(3100);
    });

    test("ranges may lie in segments, in rows, and across all borders", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 30);
      await store.compact("a", 10);
      await store.compact("a", 20);
      const versions = async (after: number, upTo: number, limit: number): Promise<readonly number[]> =>
        (await store.operations("a", after, upTo, limit)).map(({ version }) => version);
      expect(await versions(0, ALL, ALL)).toEqual(range(1, 30));
      expect(await versions(3, 7, 10)).toEqual(range(4, 7));
      expect(await versions(8, 12, 10)).toEqual(range(9, 12));
      expect(await versions(18, 25, 10)).toEqual(range(19, 25));
      expect(await versions(10, 20, 10)).toEqual(range(11, 20));
      expect(await versions(5, ALL, 8)).toEqual(range(6, 13));
      expect(await versions(20, ALL, 3)).toEqual(range(21, 23));
      expect(await versions(15, 15, 10)).toEqual([]);
      expect(await versions(15, ALL, 0)).toEqual([]);
    });

    test("segments follow each other; there is nothing to pack twice", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 10);
      await store.compact("a", 4);
      expect(await store.compact("a", 4)).toBeUndefined();
      expect(await store.compact("a", 2)).toBeUndefined();
      await store.compact("a", ALL);
      expect((await store.segments("a")).map(({ first, last }) => [first, last])).toEqual([
        [1, 4],
        [5, 10],
      ]);
      expect(await store.compact("a", ALL)).toBeUndefined();
      await store.createDocument(record("b"));
      expect(await store.compact("b", ALL)).toBeUndefined();
      expect([await store.segments("b"), await store.segments("x")]).toEqual([[], []]);
      await expectCode(store.compact("x", 10), "unknown_document");
    });

    test("the newest operation has its checksum, wherever it is", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 7);
      await store.compact("a", ALL);
      expect(await store.operations("a", 6, 7, 1)).toEqual([typed(7)]);
    });

    test("writing goes on behind a segment", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 5);
      await store.compact("a", ALL);
      expect(await store.append([typing("a", 1, 5)])).toEqual(["conflict"]);
      expect(await store.append([typing("a", 1, 6, 8)])).toEqual(["stored"]);
      expect((await log("a")).map(({ version }) => version)).toEqual(range(1, 8));
    });

    test("positions of clients survive, and a sequence that was taken stays taken (S2)", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 5);
      await store.append([
        { document: "a", epoch: 1, operations: [typed(6, { client: "tab-2", sequence: 3, user: "bob" })] },
      ]);
      await store.compact("a", 6);
      expect(await store.clientPosition("a", "tab-1")).toEqual({ sequence: 5, version: 5, user: "ada" });
      expect(await store.clientPosition("a", "tab-2")).toEqual({ sequence: 3, version: 6, user: "bob" });
      const again = (client: string, sequence: number) =>
        store.append([{ document: "a", epoch: 1, operations: [typed(7, { client, sequence })] }]);
      expect(await again("tab-1", 5)).toEqual(["conflict"]);
      expect(await again("tab-1", 2)).toEqual(["conflict"]);
      expect(await again("tab-2", 3)).toEqual(["conflict"]);
      expect(await again("tab-2", 4)).toEqual(["stored"]);
      expect(await store.clientPosition("a", "tab-2")).toMatchObject({ sequence: 4, version: 7 });
      await store.compact("a", ALL);
      expect(await store.clientPosition("a", "tab-2")).toMatchObject({ sequence: 4, version: 7 });
      expect(await store.clientPosition("a", "tab-1")).toMatchObject({ sequence: 5, version: 5 });
    });

    test("appends and packing at the same time lose nothing", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 50);
      const calls: Promise<unknown>[] = [];
      for (const version of range(51, 80)) {
        calls.push(store.append([typing("a", 1, version)]));
        if (version === 60) calls.push(store.compact("a", 40));
      }
      await Promise.all(calls);
      expect((await log("a")).map(({ version, operation }) => ({ version, operation }))).toEqual(
        range(1, 80).map((version) => ({ version, operation: typed(version).operation })),
      );
    });

    test("of two that pack at the same time, nothing is packed twice or lost", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 20);
      await Promise.allSettled([store.compact("a", 10), store.compact("a", 15)]);
      const segments = await store.segments("a");
      expect(segments[0]?.first).toBe(1);
      expect((await log("a")).map(({ version }) => version)).toEqual(range(1, 20));
    });

    test("a damaged operation is not packed, and nothing else is (4)", async () => {
      const { store, under, documentWith } = given();
      await documentWith("a", 6);
      await under.damageOperation("a", 3);
      await expectCode(store.compact("a", 5), "damaged");
      expect(await store.segments("a")).toEqual([]);
      expect(await store.operations("a", 3, 6, 10)).toEqual([typed(4), typed(5), typed(6)]);
    });

    test("a segment with a flipped bit is never read; what is behind it is (4)", async () => {
      const { store, under, documentWith, log } = given();
      await documentWith("a", 30);
      await store.compact("a", 10);
      await store.compact("a", 20);
      await under.damageSegment("a", 1);
      await expectCode(log("a"), "damaged");
      await expectCode(store.operations("a", 4, 6, 10), "damaged");
      expect(await store.operations("a", 10, 20, 20)).toHaveLength(10);
      expect(await store.operations("a", 20, ALL, 20)).toHaveLength(10);
    });

    test("its bytes can be moved to an archive; what was in it is archived then (H3)", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 30);
      await store.compact("a", 10);
      await store.compact("a", 20);
      const bytes = await store.segment("a", 1);
      expect(unpackSegment(bytes ?? new Uint8Array(0), "it")).toHaveLength(10);
      expect([await store.segment("a", 2), await store.segment("x", 1)]).toEqual([undefined, undefined]);
      const before = (await store.segments("a"))[0];
      expect(await store.archiveSegment("a", 1, "a/1-10")).toBe(true);
      expect(await store.archiveSegment("a", 2, "a/2")).toBe(false);
      expect((await store.segments("a"))[0]).toEqual({ ...before, archiveKey: "a/1-10" });
      await expectCode(store.segment("a", 1), "archived");
      await expectCode(store.operations("a", 5, 15, 20), "archived");
      expect(await store.operations("a", 10, ALL, 100)).toHaveLength(20);
      expect(await store.clientPosition("a", "tab-1")).toMatchObject({ sequence: 30 });
      expect(await store.append([typing("a", 1, 31)])).toEqual(["stored"]);
    });

    test("another handle finds them", async () => {
      const { store, under, documentWith } = given();
      await documentWith("a", 30);
      await store.compact("a", 20);
      const before = await store.segments("a");
      await store.close();
      const again = await under.reopen();
      expect(await again.segments("a")).toEqual(before);
      expect((await again.operations("a", 0, ALL, ALL)).map(({ version }) => version)).toEqual(range(1, 30));
      await again.close();
    });

    test("wherever it is cut, the log stays the same", async () => {
      const { store, documentWith, log } = given();
      let run = 0;
      const property = fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 5 }), async (cuts) => {
        run += 1;
        await documentWith(`run-${run}`, 25);
        for (const upTo of cuts) await store.compact(`run-${run}`, upTo);
        const read = (await log(`run-${run}`)).map(({ checksum, ...rest }) => rest);
        expect(read).toEqual(range(1, 25).map((version) => ({ ...packed(version, 0) })));
      });
      await fc.assert(property, { numRuns: 15 });
    });
  });
}
