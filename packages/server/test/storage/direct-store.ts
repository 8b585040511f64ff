import type { Clock } from "@tutti/protocol";
import { type MemoryDisk, MemoryStore, SeededRandom } from "@tutti/testkit";
import type { Store } from "../../src/storage/store.js";

/** Time that passes by itself. */
export const immediate: Clock = {
  now: () => 0,
  schedule: (_delay, task) => {
    queueMicrotask(task);
    return () => undefined;
  },
};

/** A store without delays and faults. */
export const directStore = (disk: MemoryDisk): Store =>
  new MemoryStore(disk, { clock: immediate, random: new SeededRandom(1) });
