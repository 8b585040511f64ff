import type { Clock } from "@tutti/protocol";
import { describeStoreContract } from "../../server/test/storage/store-contract.js";
import { MemoryDisk, MemoryStore } from "../src/memory-store.js";
import { SeededRandom } from "../src/seeded-random.js";

/** Time that passes by itself: the contract is about what is stored, not when. */
const immediate: Clock = {
  now: () => 0,
  schedule: (_delay, task) => {
    queueMicrotask(task);
    return () => undefined;
  },
};

describeStoreContract("MemoryStore", async () => {
  const disk = new MemoryDisk();
  const open = (): MemoryStore => new MemoryStore(disk, { clock: immediate, random: new SeededRandom(1) });
  return {
    store: open(),
    reopen: async () => open(),
    damageOperation: async (...row) => disk.damageOperation(...row),
    damageSnapshot: async (...row) => disk.damageSnapshot(...row),
    damageClient: async (...row) => disk.damageClient(...row),
    damageSegment: async (...row) => disk.damageSegment(...row),
    damageChunk: async (...row) => disk.damageChunk(...row),
  };
});
