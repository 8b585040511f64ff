import { type Journal, type JournalContent, type OfflineStore, OfflineStoreError } from "@tutti/client/offline";
import type { Cancel } from "@tutti/protocol";
import { HeldJournal } from "./held-journal.js";
import type { SimulatedDevice } from "./simulated-device.js";
import { StoredJournal } from "./stored-journal.js";

/** The store of one tab on a device: what the client is given as `offline`. */
export class DeviceTab implements OfflineStore {
  readonly device: SimulatedDevice;
  readonly #held = new Set<HeldJournal>();
  /** Documents of calls that are not answered, one for each. */
  #asking: readonly string[] = [];
  #alive = true;

  constructor(device: SimulatedDevice) {
    this.device = device;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** True while this tab waits for something that it wrote about the document, or deleted. */
  writing(document: string): boolean {
    return [...this.#held].some((journal) => journal.document === document && journal.writing);
  }

  /**
   * True while the device holds what this tab does, and nothing of it could not be written.
   * @param client the name under which it does it; "": the tab has only one journal of the document
   */
  keeps(document: string, client: string): boolean {
    const isOwn = (held: HeldJournal): boolean => client === "" || held.client === client;
    return [...this.#held].some((held) => held.document === document && isOwn(held) && held.kept);
  }

  /** True while the tab waits for what the device has of the document. */
  reading(document: string): boolean {
    return (
      this.#asking.includes(document) || [...this.#held].some((each) => each.document === document && each.reading)
    );
  }

  async claim(document: string): Promise<Journal | undefined> {
    await this.#answered(document);
    const { locks } = this.device.conditions;
    const mayHave = ({ holder }: StoredJournal): boolean => holder === undefined || !locks;
    const free = this.device.journals.find((journal) => journal.document === document && mayHave(journal));
    return free && this.#hold(free);
  }

  async peek(document: string): Promise<JournalContent | undefined> {
    await this.#answered(document);
    return this.device.journals
      .find((journal) => journal.document === document && journal.snapshot !== undefined)
      ?.copy();
  }

  async create(document: string, client: string): Promise<Journal> {
    await this.#answered(document);
    if (this.device.conditions.full) throw new OfflineStoreError("full", "the quota of this device is used up");
    const journal = new StoredJournal(document, client, this, this.device.touch());
    this.device.add(journal);
    return this.#hold(journal);
  }

  async documents(): Promise<readonly string[]> {
    await this.#answered("");
    return [...new Set(this.device.journals.map(({ document }) => document))];
  }

  /** The tab is gone at once, and hears of nothing any more; its locks are free. */
  die(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const journal of this.#held) journal.abandon();
    this.#held.clear();
  }

  /** For journals: waits as long as the device takes. */
  wait(task: () => void): Cancel {
    const { clock, random, conditions } = this.device;
    const { from, to } = conditions.latency;
    this.device.steps += 1;
    return clock.schedule(random.between(from, to), () => {
      this.device.steps += 1;
      if (this.#alive) task();
    });
  }

  /** For journals: everything that was asked for is done, and it was released. */
  letGo(held: HeldJournal, stored: StoredJournal): void {
    this.#held.delete(held);
    stored.holder = undefined;
  }

  #hold(stored: StoredJournal): HeldJournal {
    stored.holder = this;
    const held = new HeldJournal(this, stored);
    this.#held.add(held);
    return held;
  }

  async #answered(document: string): Promise<void> {
    this.#asking = [...this.#asking, document];
    await new Promise<void>((resolve) => {
      if (this.#alive) this.wait(resolve);
    });
    this.#asking = this.#asking.filter((_, index, all) => index !== all.indexOf(document));
    if (this.device.conditions.refuses) throw new OfflineStoreError("refused", "this device keeps nothing");
  }
}
