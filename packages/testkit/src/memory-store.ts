import type { Clock, Random } from "@tutti/protocol";
import {
  type Append,
  type AppendOutcome,
  type AuditEntry,
  type AuditQuery,
  type AuditRecord,
  type Chunk,
  type ChunkName,
  type ClientPosition,
  type DocumentRecord,
  type NamedVersion,
  type Permission,
  type SegmentInfo,
  type SnapshotInfo,
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
  /** Whether a crash may tear a batch: of the append under way, some documents are stored, others are not. */
  readonly tornBatches: boolean;
  /**
   * Probability that a sync lies: what is acknowledged then, a crash takes back, up to the next sync that tells the
   * truth. No store keeps its promises on such a disk; this is how a test shows that it would notice.
   */
  readonly lostSyncRate: number;
}

const NO_FAULTS: MemoryStoreFaults = { latency: [1, 5], failureRate: 0, tornBatches: false, lostSyncRate: 0 };

export interface MemoryStoreSettings extends Partial<MemoryStoreFaults> {
  readonly clock: Clock;
  readonly random: Random;
}

type Method = Exclude<keyof Store, "close">;
type Arguments<M extends Method> = Parameters<MemoryDisk[M]>;
type Result<M extends Method> = ReturnType<MemoryDisk[M]>;

interface Task {
  readonly run: () => void;
  readonly settle: () => void;
  /** Does a part of it, as a crash in the middle may. */
  readonly tear?: () => void;
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
  /** Takes back what was not really synced; undefined when all of it was. */
  #forget: (() => void) | undefined;

  constructor(disk: MemoryDisk, { clock, random, ...faults }: MemoryStoreSettings) {
    this.disk = disk;
    this.#clock = clock;
    this.#random = random;
    this.#faults = { ...NO_FAULTS, ...faults };
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
   * handle settles any more. With `tornBatches`, the change behind that part may be durable for some documents only;
   * after a sync that lied, everything since is lost.
   */
  crash(): void {
    this.#state = "crashed";
    const pending = this.#changes.drop();
    this.#reads.drop();
    const durable = Math.floor(this.#random.next() * (pending.length + 1));
    if (this.#forget !== undefined) {
      this.#forget();
      return;
    }
    for (const task of pending.slice(0, durable)) task.run();
    if (this.#faults.tornBatches) pending[durable]?.tear?.();
  }

  createDocument(record: DocumentRecord): Promise<void> {
    return this.#change("createDocument", record);
  }

  document(id: string): Promise<DocumentRecord | undefined> {
    return this.#read("document", id);
  }

  documents(limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("documents", limit);
  }

  trashedDocuments(createdBy: string, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("trashedDocuments", createdBy, limit);
  }

  allDocuments(after: string | undefined, limit: number): Promise<readonly DocumentRecord[]> {
    return this.#read("allDocuments", after, limit);
  }

  documentCount(createdBy: string): Promise<number> {
    return this.#read("documentCount", createdBy);
  }

  renameDocument(id: string, title: string, time: number): Promise<boolean> {
    return this.#change("renameDocument", id, title, time);
  }

  moderateDocument(id: string, moderated: boolean): Promise<boolean> {
    return this.#change("moderateDocument", id, moderated);
  }

  trashDocument(id: string, by: string, time: number): Promise<boolean> {
    return this.#change("trashDocument", id, by, time);
  }

  restoreDocument(id: string): Promise<boolean> {
    return this.#change("restoreDocument", id);
  }

  purgeDocument(id: string): Promise<boolean> {
    return this.#change("purgeDocument", id);
  }

  claim(document: string): Promise<number> {
    return this.#change("claim", document);
  }

  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.#change("append", appends);
  }

  operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    return this.#read("operations", document, after, upTo, limit);
  }

  version(document: string): Promise<number> {
    return this.#read("version", document);
  }

  clientPosition(document: string, client: string): Promise<ClientPosition | undefined> {
    return this.#read("clientPosition", document, client);
  }

  compact(document: string, upTo: number): Promise<SegmentInfo | undefined> {
    return this.#change("compact", document, upTo);
  }

  segments(document: string): Promise<readonly SegmentInfo[]> {
    return this.#read("segments", document);
  }

  segment(document: string, first: number): Promise<Uint8Array | undefined> {
    return this.#read("segment", document, first);
  }

  archiveSegment(document: string, first: number, key: string): Promise<boolean> {
    return this.#change("archiveSegment", document, first, key);
  }

  saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    return this.#change("saveChunks", document, chunks, time);
  }

  chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    return this.#read("chunks", document, names);
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#change("saveSnapshot", document, snapshot);
  }

  snapshot(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#read("snapshot", document, atMost);
  }

  snapshots(document: string): Promise<readonly SnapshotInfo[]> {
    return this.#read("snapshots", document);
  }

  deleteSnapshot(document: string, version: number): Promise<boolean> {
    return this.#change("deleteSnapshot", document, version);
  }

  collectChunks(document: string, savedBefore: number): Promise<number> {
    return this.#change("collectChunks", document, savedBefore);
  }

  nameVersion(document: string, named: NamedVersion): Promise<void> {
    return this.#change("nameVersion", document, named);
  }

  namedVersions(document: string): Promise<readonly NamedVersion[]> {
    return this.#read("namedVersions", document);
  }

  setRole(document: string, user: string, role: string | undefined): Promise<void> {
    return this.#change("setRole", document, user, role);
  }

  role(document: string, user: string): Promise<string | undefined> {
    return this.#read("role", document, user);
  }

  permissionsOf(document: string): Promise<readonly Permission[]> {
    return this.#read("permissionsOf", document);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    return this.#read("permissionsFor", user, after, limit);
  }

  audit(entries: readonly AuditEntry[]): Promise<void> {
    return this.#change("audit", entries);
  }

  auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    return this.#read("auditRecords", query, limit);
  }

  jobState(job: string): Promise<string | undefined> {
    return this.#read("jobState", job);
  }

  saveJobState(job: string, state: string | undefined): Promise<void> {
    return this.#change("saveJobState", job, state);
  }

  reclaimSpace(): Promise<boolean> {
    return this.#change("reclaimSpace");
  }

  async close(): Promise<void> {
    if (this.#state === "open") this.#state = "closing";
    if (this.#state === "closing") await Promise.allSettled([...this.#underWay]);
  }

  #change<M extends Method>(method: M, ...args: Arguments<M>): Promise<Result<M>> {
    return this.#submit(this.#changes, method, args);
  }

  #read<M extends Method>(method: M, ...args: Arguments<M>): Promise<Result<M>> {
    return this.#submit(this.#reads, method, args);
  }

  #submit<M extends Method>(lane: Lane, method: M, args: Arguments<M>): Promise<Result<M>> {
    // Nobody is left to hear an answer.
    if (this.#state === "crashed") return new Promise(() => {});
    if (this.#state === "closing") return Promise.reject(new StoreError("closed", "the store is closed"));
    const fails = this.#fails(method);
    // Copied now, as a message to another thread is: what the caller changes later is not stored.
    const copies = structuredClone(args) as never[];
    const call = this.disk[method].bind(this.disk) as (...args: never[]) => Result<M>;
    const answer = new Promise<Result<M>>((resolve, reject) => {
      let settle = (): void => reject(new StoreError("unavailable", "an injected fault"));
      const run = (): void => {
        if (!fails) settle = attempt(() => call(...copies), resolve, reject);
      };
      const synced = lane === this.#changes ? (): void => this.#sync(run) : run;
      const tear =
        method === "append" && !fails
          ? { tear: () => this.#tear(copies as unknown as Arguments<"append">) }
          : undefined;
      this.#schedule(lane, { run: synced, settle: () => settle(), ...tear });
    });
    this.#track(answer);
    return answer;
  }

  #sync(change: () => void): void {
    const lies = this.#faults.lostSyncRate > 0 && this.#random.next() < this.#faults.lostSyncRate;
    if (lies) this.#forget ??= this.disk.checkpoint();
    change();
    if (!lies) this.#forget = undefined;
  }

  /** Each document of the batch by chance; each of them whole (promise 2 of `Store`). */
  #tear([appends]: Arguments<"append">): void {
    for (const append of appends) {
      if (this.#random.next() < 0.5) this.disk.append([append]);
    }
  }

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
