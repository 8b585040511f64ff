import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/vandalism/alert.js";
import { AlertBook } from "../../src/vandalism/alert-book.js";

const alertOf = (version: number, kind: Alert["kind"]): Alert => {
  return { version, kind, user: { id: "bob", name: "Bob" }, time: version, restorer: `restorer-${version}` };
};

describe("the alerts of one document", () => {
  it("L4: are a hundred at most; many flags push out neither each other's newest nor a mass deletion", async () => {
    const book = new AlertBook({ audit: async () => {}, auditRecords: async () => [] }, "doc");
    await book.raise(alertOf(1, "mass_deletion"));
    await book.raise(alertOf(2, "flagged"));
    const settled = alertOf(3, "mass_deletion");
    await book.raise(settled);
    await book.settle(settled, { how: "dismissed", by: "ann", time: 3 });
    for (let version = 4; version <= 102; version += 1) await book.raise(alertOf(version, "flagged"));
    expect(book.since(0)).toHaveLength(100);
    expect([1, 2, 3, 4, 102].map((version) => book.get(version) !== undefined)).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });
});
