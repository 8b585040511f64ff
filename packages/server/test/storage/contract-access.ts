import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/storage/store.js";
import { expectCode, type Given } from "./contract-given.js";
import { record } from "./fixtures.js";

/** Permissions (A2), audit records (A4), and what jobs keep. */
export function describeAccess(given: () => Given): void {
  describe("permissions", () => {
    test("are set, changed, taken away and listed by document and by person", async () => {
      const { store } = given();
      for (const id of ["a", "b", "c"]) await store.createDocument(record(id));
      await store.setRole("a", "bob", "viewer");
      await store.setRole("a", "ada", "owner");
      await store.setRole("b", "bob", "editor");
      await store.setRole("c", "bob", "editor");
      await store.setRole("a", "bob", "editor");
      expect(await store.role("a", "bob")).toBe("editor");
      expect(await store.role("a", "eve")).toBeUndefined();
      expect(await store.permissionsOf("a")).toEqual([
        { document: "a", user: "ada", role: "owner" },
        { document: "a", user: "bob", role: "editor" },
      ]);
      const documents = async (after: string | undefined, limit: number): Promise<readonly string[]> =>
        (await store.permissionsFor("bob", after, limit)).map(({ document }) => document);
      expect(await documents(undefined, 2)).toEqual(["a", "b"]);
      expect(await documents("b", 2)).toEqual(["c"]);
      await store.setRole("a", "bob", undefined);
      await store.setRole("a", "eve", undefined);
      expect(await store.role("a", "bob")).toBeUndefined();
      expect(await documents(undefined, 10)).toEqual(["b", "c"]);
      await expectCode(store.setRole("x", "bob", "viewer"), "unknown_document");
    });
  });

  describe("audit records (A4)", () => {
    const entry = (time: number, user: string, document?: string): AuditEntry => ({
      time,
      user,
      ...(document === undefined ? undefined : { document }),
      action: "document.shared",
      details: { role: "editor", count: 1.5, ok: true, none: null },
    });

    test("come back as they were written, the newest first, page by page", async () => {
      const { store } = given();
      await store.audit([entry(1, "ada", "a"), entry(2.5, "bob")]);
      await store.audit([]);
      await store.audit([entry(2, "ada", "b")]);
      const all = await store.auditRecords({}, 10);
      expect(all.map(({ id, ...rest }) => rest)).toEqual([
        entry(2, "ada", "b"),
        entry(2.5, "bob"),
        entry(1, "ada", "a"),
      ]);
      const [newest, middle] = await store.auditRecords({}, 2);
      expect((newest?.id ?? 0) > (middle?.id ?? 0)).toBe(true);
      expect(await store.auditRecords({ before: middle?.id ?? 0 }, 10)).toEqual(all.slice(2));
      expect(await store.auditRecords({}, 0)).toEqual([]);
    });

    test("are found by document, person and time", async () => {
      const { store } = given();
      await store.audit([entry(1, "ada", "a"), entry(2, "bob", "a"), entry(3, "ada", "b"), entry(4, "ada")]);
      const times = async (query: Parameters<typeof store.auditRecords>[0]): Promise<readonly number[]> =>
        (await store.auditRecords(query, 10)).map(({ time }) => time);
      expect(await times({ document: "a" })).toEqual([2, 1]);
      expect(await times({ user: "ada" })).toEqual([4, 3, 1]);
      expect(await times({ user: "ada", document: "a" })).toEqual([1]);
      expect(await times({ from: 2, until: 4 })).toEqual([3, 2]);
      expect(await times({ document: "x" })).toEqual([]);
    });
  });

  describe("jobs", () => {
    test("remember where they are", async () => {
      const { store, under } = given();
      expect(await store.jobState("tidy")).toBeUndefined();
      await store.saveJobState("tidy", '{"after":"a"}');
      await store.saveJobState("tidy", '{"after":"é"}');
      await store.saveJobState("other", "1");
      await store.close();
      const again = await under.reopen();
      expect(await again.jobState("tidy")).toBe('{"after":"é"}');
      await again.saveJobState("tidy", undefined);
      expect([await again.jobState("tidy"), await again.jobState("other")]).toEqual([undefined, "1"]);
      await again.close();
    });

    test("give back space until there is no more", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 300);
      await store.trashDocument("a", "ada", 1);
      await store.purgeDocument("a");
      let steps = 0;
      while (await store.reclaimSpace()) {
        steps += 1;
        if (steps > 1000) throw new Error("it never ends");
      }
      expect(await store.reclaimSpace()).toBe(false);
    });
  });
}
