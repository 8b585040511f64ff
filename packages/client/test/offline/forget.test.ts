import { describe, expect, it } from "vitest";
import { keepOffline } from "../../src/offline/index.js";
import { MemoryOfflineStore } from "./memory-offline-store.js";

describe("forgetting what a device keeps (C3)", () => {
  it("deletes every journal, sent or not, except those that a living tab holds", async () => {
    const memory = new MemoryOfflineStore();
    const { store } = memory.tab();
    for (const [document, client] of [
      ["plan", "earlier"],
      ["plan", "before"],
      ["notes", "earlier"],
    ] as const) {
      const journal = await store.create(document, client);
      await journal.compact(Uint8Array.of(1));
      journal.release();
    }
    const held = await store.create("notes", "living");
    await held.compact(Uint8Array.of(2));
    await keepOffline(memory.tab().store).forget();
    expect(await store.documents()).toEqual(["notes"]);
    expect((await held.read()).snapshot).toEqual(Uint8Array.of(2));
    held.release();
    await keepOffline(memory.tab().store).forget();
    expect(await store.documents()).toEqual([]);
  });
});
