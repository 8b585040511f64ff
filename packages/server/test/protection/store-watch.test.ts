import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { StoreWatch } from "../../src/protection/store-watch.js";
import { type Store, StoreError, type StoreErrorCode } from "../../src/storage/store.js";

/** How many failed reads are counted when reading fails twice like this. */
async function failedReads(code: StoreErrorCode): Promise<number> {
  const watch = new StoreWatch(new VirtualClock(0));
  const failing = { operations: () => Promise.reject(new StoreError(code, "")) } as unknown as Store;
  const store = watch.watch(failing, () => {});
  for (const _ of [1, 2]) await expect(store.operations("a", 0, 1, 1)).rejects.toMatchObject({ code });
  return watch.failedReads;
}

describe("S8: the watch over storage", () => {
  it("counts reads that the store does not answer", async () => {
    expect(await failedReads("unavailable")).toBe(2);
  });

  it.each(["archive_unavailable", "archived", "damaged"] as const)(
    "%s is no reason to call the whole server out of order",
    async (code) => {
      expect(await failedReads(code)).toBe(0);
    },
  );
});
