import type { Clock, Random } from "@tutti/protocol";
import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "@tutti/server";
import type { MemoryDisk } from "./memory-disk.js";

export { MemoryDisk } from "./memory-disk.js";

/** What goes wrong, and how often; may be changed at any time. */
export interface MemoryStoreFaults {
  /** Shortest and longest time of a call, in milliseconds of the clock. */
  readonly latency: readonly [number, number];
  /** Probability that a call is rejected with `unavailable` and changes nothing. */
  readonly failureRate: number;
}

export interface MemoryStoreSettings extends Partial<MemoryStoreFaults> {
  readonly clock: Clock;
  readonly random: Random;
}

interface Task {
  readonly run: () => void;
  readonly settle: () => void;
}

/**
 * A store whose disk is a value in memory and whose time is a clock: the real one's promises, plus faults under one
 * seed. Calls that change something are done in the order they were made, and so are reads, but a read may overtake an
 * append, as with a real group commit.
 *
 * A crash ends the handle, not the disk: open another handle on the same disk to go on.
 */
export class MemoryStore implements Store {
  readonly disk: MemoryDisk;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #changes = new Lane();
  readonly #reads = new Lane();
  readonly #underWay = new Set<Promise<unknown>>();
  #faults: MemoryStoreFaults;
  #failuresAhead: (keyof Store | undefined)[] = [];
  #state: "open" | "closing" | "crashed" = "open";

  constructor(disk: MemoryDisk, settings: MemoryStoreSettings) {
    this.disk = disk;
    this.#clock = settings.clock;
    this.#random = settings.random;
    this.#faults = { latency: settings.latency ?? [1, 5], failureRate: settings.failureRate ?? 0 };
  }

  setFaults(faults: Partial<MemoryStoreFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
  }

  /** Rejects the next `count` calls (of one method, when given) with `unavailable`. */
  failNext(count = 1, method?: keyof Store): void {
    for (let left = count; left > 0; left -= 1) this.#failuresAhead.push(method);
  }

  /**
   * The process dies. Of the changes under way, a random first part is durable, the rest is lost; no promise of this
   * handle settles any more.
   */
  crash(): void {
    this.#state = "crashed";
    const pending = this.#changes.drop();
    this.#reads.drop();
    const durable = Math.floor(this.#random.next() * (pending.length + 1));
    for (const task of pending.slice(0, durable)) task.run();
  }

  createDocument(record: DocumentRecord): Promise<void> {
    const copy = { ...record };
    return this.#change("createDocument", () => this.disk.createDocument(copy));
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.#read("document", () => this.disk.document(id));
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("documents", () => this.disk.documents(limit));
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#change("renameDocument", () => this.disk.renameDocument(id, title, time));
  }

  claim(document: string): Promise<number> {
    return this.#change("claim", () => this.disk.claim(document));
  }

  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    // Copied now, as a message to another thread is: what the caller changes later is not stored.
    const copy = structuredClone(appends);
    return this.#change("append", () => this.disk.append(copy));
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#read("operations", () => this.disk.operations(document, after, upTo, limit));
  }

  version(document: string): Promise<number> {
    return this.#read("version", () => this.disk.version(document));
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#read("clientPosition", () => this.disk.clientPosition(document, client));
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    const copy = structuredClone(snapshot);
    return this.#change("saveSnapshot", () => this.disk.saveSnapshot(document, copy));
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#read("snapshot", () => this.disk.snapshot(document, atMost));
  }

  async close(): Promise<void> {
    if (this.#state === "open") this.#state = "closing";
    if (this.#state === "closing") await Promise.allSettled([...this.#underWay]);
  }

  #change<T>(method: keyof Store, effect: () => T): Promise<T> {
    return this.#submit(this.#changes, method, effect);
  }

  #read<T>(method: keyof Store, effect: () => T): Promise<T> {
    return this.#submit(this.#reads, method, effect);
  }

  #submit<T>(lane: Lane, method: keyof Store, effect: () => T): Promise<T> {
    // Nobody is left to hear an answer.
    if (this.#state === "crashed") return new Promise(() => {});
    if (this.#state === "closing") return Promise.reject(new StoreError("closed", "the store is closed"));
    const fails = this.#fails(method);
    const answer = new Promise<T>((resolve, reject) => {
      let settle = (): void => reject(new StoreError("unavailable", "an injected fault"));
      const run = (): void => {
        if (!fails) settle = attempt(effect, resolve, reject);
      };
      this.#schedule(lane, { run, settle: () => settle() });
    });
    this.#track(answer);
    return answer;
  }

  /** Durable somewhere within the time of the call, answered at its end. */
  #schedule(lane: Lane, task: Task): void {
    const [shortest, longest] = this.#faults.latency;
    const duration = shortest + this.#random.next() * (longest - shortest);
    const untilDurable = duration * this.#random.next();
    lane.add(task);
    this.#clock.schedule(untilDurable, () => {
      lane.runNext();
      this.#clock.schedule(duration - untilDurable, () => lane.settleNext());
    });
  }

  #fails(method: keyof Store): boolean {
    const index = this.#failuresAhead.findIndex((wanted) => wanted === undefined || wanted === method);
    if (index >= 0) {
      this.#failuresAhead.splice(index, 1);
      return true;
    }
    return this.#faults.failureRate > 0 && this.#random.next() < this.#faults.failureRate;
  }

  #track(answer: Promise<unknown>): void {
    const done = (): void => {
      this.#underWay.delete(answer);
    };
    this.#underWay.add(answer);
    answer.then(done, done);
  }
}

/** First in, first done, first answered, whatever time each call takes. */
class Lane {
  #waiting: Task[] = [];
  #done: Task[] = [];

  add(task: Task): void {
    this.#waiting.push(task);
  }

  runNext(): void {
    const task = this.#waiting.shift();
    if (task === undefined) return;
    task.run();
    this.#done.push(task);
  }

  settleNext(): void {
    this.#done.shift()?.settle();
  }

  /** Forgets all; returns what was not yet done. */
  drop(): readonly Task[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#done = [];
    return waiting;
  }
}

/** Runs now; what comes back tells the caller later. */
function attempt<T>(effect: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): () => void {
  try {
    const value = effect();
    return () => resolve(value);
  } catch (error) {
    return () => reject(error);
  }
}
