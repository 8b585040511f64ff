import { describe, expect, test } from "vitest";
import { expectCode, type Given } from "./contract-given.js";
import { record, snapshotAt, typed, typing } from "./fixtures.js";

/** All documents, and the trash (H4). */
export function describeDocuments(given: () => Given): void {
  describe("all documents", () => {
    test("come in the order of their ids, page by page, also what is in the trash", async () => {
      const { store } = given();
      for (const id of ["b", "a", "é", "B", "🍵", "z"]) await store.createDocument(record(id));
      await store.trashDocument("b", "ada", 5000);
      const ids = async (after: string | undefined, limit: number): Promise<readonly string[]> =>
        (await store.allDocuments(after, limit)).map(({ id }) => id);
      expect(await ids(undefined, 10)).toEqual(["B", "a", "b", "z", "é", "🍵"]);
      expect(await ids(undefined, 2)).toEqual(["B", "a"]);
      expect(await ids("a", 2)).toEqual(["b", "z"]);
      expect(await ids("🍵", 2)).toEqual([]);
      expect(await ids(undefined, 0)).toEqual([]);
    });
  });

  describe("how many somebody made (L3)", () => {
    test("counts what is in the trash, but not what was purged; half a surrogate pair is U+FFFD", async () => {
      const { store } = given();
      for (const id of ["a", "b", "c"]) await store.createDocument(record(id, { createdBy: "bob" }));
      await store.createDocument(record("d", { createdBy: "eve\uD83C" }));
      expect([await store.documentCount("bob"), await store.documentCount("nobody")]).toEqual([3, 0]);
      expect([await store.documentCount("eve\uD83C"), await store.documentCount("eve\uFFFD")]).toEqual([1, 1]);
      await store.trashDocument("a", "ada", 5000);
      await store.renameDocument("b", "Plans", 5000);
      expect(await store.documentCount("bob")).toBe(3);
      await store.purgeDocument("a");
      expect(await store.documentCount("bob")).toBe(2);
    });
  });

  describe("moderated documents (S11)", () => {
    test("are moderated until they are not any more; nothing else of the record changes", async () => {
      const { store, documentWith, under } = given();
      await documentWith("a", 2);
      const before = await store.document("a");
      expect(before?.moderated).toBeUndefined();
      expect(await store.moderateDocument("a", true)).toBe(true);
      expect(await store.document("a")).toEqual({ ...before, moderated: true });
      expect(await store.documents(10)).toEqual([{ ...before, moderated: true }]);
      await store.renameDocument("a", "Plans", 9000);
      expect(await store.append([typing("a", 1, 3)])).toEqual(["stored"]);
      expect(await store.moderateDocument("a", true)).toBe(true);
      await store.close();
      const again = await under.reopen();
      expect(await again.document("a")).toMatchObject({ title: "Plans", updatedAt: 9000, moderated: true });
      expect(await again.moderateDocument("a", false)).toBe(true);
      expect((await again.document("a"))?.moderated).toBeUndefined();
      expect([await again.moderateDocument("x", true), await again.document("x")]).toEqual([false, undefined]);
      await again.close();
    });

    test("are so from the start where the record says so, and in the trash and back", async () => {
      const { store } = given();
      await store.createDocument(record("a", { moderated: true }));
      await store.trashDocument("a", "bob", 5000);
      expect(await store.document("a")).toMatchObject({ moderated: true, trashed: { by: "bob" } });
      await store.restoreDocument("a");
      expect(await store.document("a")).toEqual(record("a", { moderated: true }));
    });
  });

  describe("the trash (H4)", () => {
    test("a document in the trash is in no list, can be read, and nobody can write to it", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 2);
      expect(await store.trashDocument("a", "bob", 5000.5)).toBe(true);
      expect(await store.documents(10)).toEqual([]);
      expect((await store.document("a"))?.trashed).toEqual({ at: 5000.5, by: "bob" });
      expect(await log("a")).toEqual([typed(1), typed(2)]);
      expect(await store.append([typing("a", 1, 3)])).toEqual(["fenced"]);
      expect(await store.append([typing("a", 2, 3)])).toEqual(["fenced"]);
      await expectCode(store.claim("a"), "unknown_document");
      await expectCode(store.createDocument(record("a")), "exists");
    });

    test("what somebody made and is in the trash is listed, last thrown away first", async () => {
      const { store } = given();
      for (const id of ["c", "a", "b", "d"]) await store.createDocument(record(id, { createdBy: "bob" }));
      await store.createDocument(record("e", { createdBy: "eve" }));
      for (const [id, time] of [
        ["a", 5000],
        ["c", 5000],
        ["b", 6000],
        ["e", 7000],
      ] as const) {
        await store.trashDocument(id, "ada", time);
      }
      const ids = async (limit: number) => (await store.trashedDocuments("bob", limit)).map(({ id }) => id);
      expect(await ids(10)).toEqual(["b", "a", "c"]);
      expect(await ids(2)).toEqual(["b", "a"]);
      expect(await store.trashedDocuments("nobody", 10)).toEqual([]);
      await store.restoreDocument("b");
      await store.purgeDocument("a");
      expect(await ids(10)).toEqual(["c"]);
    });

    test("restored, it is as it was, and is owned by nobody", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 2);
      const before = await store.document("a");
      await store.trashDocument("a", "bob", 5000);
      expect(await store.restoreDocument("a")).toBe(true);
      expect(await store.document("a")).toEqual(before);
      expect(await store.documents(10)).toEqual([before]);
      expect(await store.append([typing("a", 1, 3)])).toEqual(["fenced"]);
      const epoch = await store.claim("a");
      expect(await store.append([typing("a", epoch, 3)])).toEqual(["stored"]);
    });

    test("what is not there, not in the trash, or in it already is not trashed, restored or purged", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 1);
      expect(await store.trashDocument("x", "bob", 1)).toBe(false);
      expect([await store.restoreDocument("a"), await store.restoreDocument("x")]).toEqual([false, false]);
      expect([await store.purgeDocument("a"), await store.purgeDocument("x")]).toEqual([false, false]);
      await store.trashDocument("a", "bob", 1);
      expect(await store.trashDocument("a", "eve", 2)).toBe(false);
      expect((await store.document("a"))?.trashed).toEqual({ at: 1, by: "bob" });
      expect(await log("a")).toEqual([typed(1)]);
    });

    test("purged, nothing is left of it but audit records, and its id is free", async () => {
      const { store, documentWith, log } = given();
      await documentWith("a", 6);
      await documentWith("b", 3);
      await store.compact("a", 4);
      await store.saveChunks("a", [{ name: "0".repeat(32), bytes: Uint8Array.of(1) }], 1);
      await store.saveSnapshot("a", snapshotAt(6));
      await store.nameVersion("a", { name: "Draft", version: 6, by: "ada", time: 1 });
      await store.setRole("a", "ada", "owner");
      await store.audit([{ time: 1, user: "ada", document: "a", action: "x", details: {} }]);
      await store.trashDocument("a", "bob", 5000);
      expect(await store.purgeDocument("a")).toBe(true);
      expect([await store.document("a"), await store.version("a"), await log("a")]).toEqual([undefined, 0, []]);
      expect([await store.segments("a"), await store.snapshots("a")]).toEqual([[], []]);
      expect([await store.namedVersions("a"), await store.permissionsOf("a")]).toEqual([[], []]);
      expect(await store.clientPosition("a", "tab-1")).toBeUndefined();
      await expectCode(store.chunks("a", ["0".repeat(32)]), "missing_chunk");
      expect(await store.auditRecords({ document: "a" }, 10)).toHaveLength(1);
      expect(await log("b")).toEqual([typed(1), typed(2), typed(3)]);
      await documentWith("a", 1);
      expect(await log("a")).toEqual([typed(1)]);
    });
  });
}
