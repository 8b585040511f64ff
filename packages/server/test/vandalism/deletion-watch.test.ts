import type { Operation } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import { DeletionWatch } from "../../src/vandalism/deletion-watch.js";
import { DEFAULT_VANDALISM } from "../../src/vandalism/rules.js";

const commit = (version: number, operation: Operation, { user = "bob", time = 0 } = {}) => ({
  ...{ version, operation, user, time },
  client: `${user}-1`,
});

describe("the deletion watch", () => {
  it("L4: knows the length before each operation of one commit from the length after all of them", () => {
    const watch = new DeletionWatch(DEFAULT_VANDALISM);
    const commits = [
      commit(1, [{ insert: "x".repeat(500) }], { user: "ann" }),
      commit(2, [{ delete: 400 }]),
      commit(3, [{ insert: "y" }, { delete: 301 }], { user: "cem" }),
    ];
    // 500 were there; then 1,000, 600, 300.
    expect(watch.note("doc", commits, 300)).toMatchObject([
      { first: 3, removed: 301, length: 600, certain: true, commit: { user: "cem" } },
    ]);
    expect(watch.note("doc", [commit(4, [{ delete: 101 }])], 199)).toMatchObject([
      { first: 2, removed: 501, length: 1000, certain: false, commit: { user: "bob" } },
    ]);
  });

  it("L4: forgets what is older than the window, and what was nobody's loss", () => {
    const watch = new DeletionWatch(DEFAULT_VANDALISM);
    expect(watch.note("doc", [commit(1, [{ delete: 400 }])], 600)).toEqual([]);
    expect(watch.note("doc", [commit(2, [{ delete: 150 }], { time: 60_000 })], 450)).toEqual([]);
    watch.forgive("doc", "bob", 100);
    expect(watch.note("doc", [commit(3, [{ delete: 220 }], { time: 61_000 })], 380)).toEqual([]);
    expect(watch.note("doc", [commit(4, [{ delete: 50 }], { time: 62_000 })], 330)).toMatchObject([{ removed: 320 }]);
  });

  it("S12: remembers a bounded number of people, and nothing of those who delete nothing", () => {
    const watch = new DeletionWatch(DEFAULT_VANDALISM);
    for (let person = 0; person < 12_000; person += 1) {
      watch.note("doc", [commit(1, [{ insert: "x" }], { user: `writer ${person}` })], 1000);
    }
    expect(watch.size).toBe(0);
    for (let person = 0; person < 12_000; person += 1) {
      watch.note("doc", [commit(1, [{ delete: 1 }], { user: `${person}` })], 1000);
    }
    expect(watch.size).toBe(10_000);
  });

  it("L4: what belongs to an alert is not counted again before its time is over, unless the alert is settled", () => {
    const watch = new DeletionWatch(DEFAULT_VANDALISM);
    const deleteMost = (version: number, time: number) =>
      watch.note("doc", [commit(version, [{ delete: 900 }], { time })], 100);
    expect(deleteMost(1, 0)).toHaveLength(1);
    watch.quiet("doc", "bob", 60_000);
    expect(deleteMost(2, 60_000)).toEqual([]);
    expect(deleteMost(3, 60_001)).toHaveLength(1);
    watch.quiet("doc", "bob", 120_000);
    watch.quiet("doc", "bob", undefined);
    expect(deleteMost(4, 60_002)).toHaveLength(1);
  });
});
