import { deserialize, serialize } from "node:v8";
import type { Clock } from "@tutti/protocol";
import { type Store, StoreError } from "@tutti/server";
import { MemoryDisk, type SeededRandom } from "@tutti/testkit";
import { Journal } from "./journal.js";

/** A call that changed the disk. */
interface Change {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Methods of a store and of its disk that change nothing. One that is missing here is only written down needlessly. */
const READS: ReadonlySet<string> = new Set([
  "document",
  "documents",
  "trashedDocuments",
  "allDocuments",
  "documentCount",
  "operations",
  "version",
  "clientPosition",
  "snapshot",
  "snapshots",
  "chunks",
  "segment",
  "segments",
  "namedVersions",
  "role",
  "permissionsOf",
  "permissionsFor",
  "auditRecords",
  "jobState",
  "close",
]);

export interface MachineSettings {
  readonly random: SeededRandom;
  /** Shortest and longest time of a sync, in milliseconds. */
  readonly syncLatency: readonly [number, number];
  /** It says that a sync is done when it has hardly begun, as bad disks do: then promises can't be kept. */
  readonly lies: boolean;
}

/**
 * The machine below the server's processes: it survives them, and what they wrote survives with it. But when the power
 * goes, only what was synced is sure to be there again.
 */
export class Machine {
  /** What is sure to survive: what the checkers look at. */
  readonly durable = new MemoryDisk();
  /** No space is left: nothing can be changed, everything can be read. */
  full = false;
  readonly #journal = new Journal();
  readonly #settings: MachineSettings;
  #written: MemoryDisk;
  #atNextWrite: (() => void) | undefined;

  constructor(settings: MachineSettings) {
    this.#settings = settings;
    this.#written = this.#journalled(new MemoryDisk());
  }

  /** What the processes see: everything that was written. */
  get disk(): MemoryDisk {
    return this.#written;
  }

  /** Changes that were written, not synced, and lost with the power. */
  get lost(): number {
    return this.#journal.lost;
  }

  /** Calls this once, as soon as something has been written that is not synced. */
  atNextWrite(task: () => void): void {
    this.#atNextWrite = task;
  }

  /** Everything written so far is durable from now on. */
  syncNow(): void {
    this.#makeDurable(this.#journal.written);
  }

  /** What was not synced is lost or, at random, partly not. Processes must be dead. */
  losePower(random: SeededRandom): void {
    for (const record of this.#journal.losePower(random)) apply(this.durable, record);
    const disk = new MemoryDisk();
    for (const record of this.#journal.durable) apply(disk, record);
    this.#written = this.#journalled(disk);
  }

  /** The store of one process: what it answers has been synced before, so nothing is told that could still be lost. */
  synced(store: Store, clock: Clock): Store {
    return intercepted(store, async (method, call) => {
      if (this.full && !READS.has(method)) throw new StoreError("unavailable", "no space is left on the disk");
      const answer = await call();
      await this.#sync(clock);
      return answer;
    });
  }

  async #sync(clock: Clock): Promise<void> {
    const { written } = this.#journal;
    if (written === this.#journal.durable.length) return;
    const [shortest, longest] = this.#settings.syncLatency;
    const duration = shortest + this.#settings.random.next() * (longest - shortest);
    const done = new Promise<void>((resolve) => {
      clock.schedule(duration, () => {
        this.#makeDurable(written);
        resolve();
      });
    });
    if (!this.#settings.lies) await done;
  }

  #makeDurable(written: number): void {
    for (const record of this.#journal.synced(written)) apply(this.durable, record);
  }

  #journalled(disk: MemoryDisk): MemoryDisk {
    return intercepted(disk, (method, call, args) => {
      const answer = call();
      if (READS.has(method)) return answer;
      this.#journal.write(serialize({ method, args } satisfies Change));
      const task = this.#atNextWrite;
      this.#atNextWrite = undefined;
      task?.();
      return answer;
    });
  }
}

/** All methods of an object, called through `handle`. */
function intercepted<T extends object>(
  object: T,
  handle: (method: string, call: () => unknown, args: readonly unknown[]) => unknown,
): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name !== "string") return value;
      return (...args: readonly unknown[]) => handle(name, () => Reflect.apply(value, target, args), args);
    },
  });
}

function apply(disk: MemoryDisk, record: Uint8Array): void {
  const { method, args } = deserialize(record) as Change;
  const change: unknown = Reflect.get(disk, method, disk);
  if (typeof change !== "function") throw new Error(`the disk can't ${method}`);
  Reflect.apply(change, disk, args);
}
