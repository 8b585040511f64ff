import { type Journal, type JournalContent, OfflineStoreError } from "@tutti/client/offline";
import type { Cancel } from "@tutti/protocol";
import type { DeviceTab } from "./device-tab.js";
import type { DeviceStep } from "./simulated-device.js";
import type { StoredJournal } from "./stored-journal.js";

/** Something that was asked for and is not done yet. */
interface Task {
  readonly kind: "append" | "compaction" | "deletion" | "reading";
  readonly bytes: readonly Uint8Array[];
  /** Does it, all at once. */
  readonly perform: () => void;
  readonly resolve: () => void;
  readonly reject: (error: OfflineStoreError) => void;
}

/** A journal in the hands of a tab: what is asked for is done in order, one after the other, each after its latency. */
export class HeldJournal implements Journal {
  readonly #tab: DeviceTab;
  readonly #stored: StoredJournal;
  #tasks: Task[] = [];
  /** It is done, and the caller does not know. */
  #done: Task | undefined;
  #timer: Cancel | undefined;
  #released = false;
  #deleted = false;
  /** The last answer was that something could not be written. */
  #failing = false;

  constructor(tab: DeviceTab, stored: StoredJournal) {
    this.#tab = tab;
    this.#stored = stored;
  }

  get document(): string {
    return this.#stored.document;
  }

  get client(): string {
    return this.#stored.client;
  }

  /** There is something in it, all that was written as far as the tab knows, and it was not deleted. */
  get kept(): boolean {
    return !this.#deleted && !this.#failing && this.#stored.contents.length > 0;
  }

  /** True while the caller waits for something that it wrote, or deleted. */
  get writing(): boolean {
    return this.#asked.some(({ kind }) => kind !== "reading");
  }

  /** True while it is being read. */
  get reading(): boolean {
    return this.#asked.some(({ kind }) => kind === "reading");
  }

  get #asked(): readonly Task[] {
    return this.#done === undefined ? this.#tasks : [this.#done, ...this.#tasks];
  }

  async read(): Promise<JournalContent> {
    let found: JournalContent = { snapshot: undefined, entries: [] };
    await this.#ask("reading", [], () => {
      found = this.#stored.copy();
    });
    return found;
  }

  append(entries: readonly Uint8Array[]): Promise<void> {
    const copies = entries.map((entry) => entry.slice());
    return this.#ask("append", copies, () => {
      this.#stored.entries = [...this.#stored.entries, ...copies];
    });
  }

  compact(snapshot: Uint8Array): Promise<void> {
    const copy = snapshot.slice();
    return this.#ask("compaction", [copy], () => {
      this.#stored.snapshot = copy;
      this.#stored.entries = [];
    });
  }

  delete(): Promise<void> {
    return this.#ask("deletion", [], () => {
      this.#deleted = true;
      this.#tab.device.remove(this.#stored);
    });
  }

  /** What was asked for before is still done; then somebody else may claim it. */
  release(): void {
    this.#released = true;
    this.#next();
  }

  /** The tab died: of what was on its way a first part gets there, the rest does not, and nobody hears of it. */
  abandon(): void {
    this.#timer?.();
    const { random, conditions } = this.#tab.device;
    const arriving = random.between(0, this.#tasks.length);
    for (const task of this.#tasks.slice(0, arriving)) {
      if (!this.#refusal(task)) this.#perform(task);
    }
    const cut = this.#tasks[arriving];
    if (conditions.tears && cut?.kind === "append") this.#tear(cut);
    this.#tasks = [];
    this.#stored.holder = undefined;
  }

  #ask(kind: Task["kind"], bytes: readonly Uint8Array[], perform: () => void): Promise<void> {
    if (!this.#tab.alive) return new Promise(() => undefined);
    if (this.#released) return Promise.reject(new OfflineStoreError("failed", "the journal was released"));
    return new Promise((resolve, reject) => {
      const task: Task = { kind, bytes, perform, resolve, reject };
      this.#tasks.push(task);
      this.#tell(task, "begins", []);
      this.#next();
    });
  }

  #next(): void {
    const task = this.#tasks[0];
    if (!this.#tab.alive || this.#timer !== undefined) return;
    if (task !== undefined) this.#timer = this.#tab.wait(() => this.#becomeDurable(task));
    else if (this.#released) this.#tab.letGo(this, this.#stored);
  }

  #becomeDurable(task: Task): void {
    const refusal = this.#refusal(task);
    this.#tasks.shift();
    if (refusal === undefined) this.#perform(task);
    else this.#refused(task);
    if (!this.#tab.alive) return;
    this.#done = task;
    this.#timer = this.#tab.wait(() => {
      this.#timer = undefined;
      this.#done = undefined;
      this.#answer(task, refusal);
    });
  }

  #answer(task: Task, refusal: OfflineStoreError | undefined): void {
    this.#tell(task, "answered", []);
    if (!this.#tab.alive) return;
    if (task.kind !== "reading") this.#failing = refusal !== undefined;
    if (refusal === undefined) task.resolve();
    else task.reject(refusal);
    this.#next();
  }

  #refusal({ kind }: Task): OfflineStoreError | undefined {
    if (kind === "reading") return undefined;
    const { conditions, random } = this.#tab.device;
    if (conditions.full && kind !== "deletion")
      return new OfflineStoreError("full", "the quota of this device is used up");
    if (random.chance(conditions.failureRate)) return new OfflineStoreError("failed", "the device could not write");
    return undefined;
  }

  #refused({ kind }: Task): void {
    this.#stored.failed = true;
    if (kind === "deletion") this.#tab.device.haunted = true;
  }

  #perform(task: Task): void {
    task.perform();
    if (task.kind === "append" || task.kind === "compaction") this.#stored.touched = this.#tab.device.touch();
    this.#tell(task, "durable", task.bytes);
  }

  #tear({ bytes }: Task): void {
    const { random } = this.#tab.device;
    const last = bytes[random.integer(bytes.length)];
    if (last === undefined) return;
    const whole = bytes.slice(0, bytes.indexOf(last));
    this.#stored.entries = [...this.#stored.entries, ...whole, last.slice(0, random.integer(last.length))];
  }

  #tell({ kind }: Task, what: "begins" | "durable" | "answered", bytes: readonly Uint8Array[]): void {
    if (kind === "reading") return;
    const step: DeviceStep = `${kind} ${what}`;
    this.#tab.device.tell({ tab: this.#tab, step, journal: this.#stored, bytes });
  }
}
