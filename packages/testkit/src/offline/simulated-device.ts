import type { Cancel, Clock } from "@tutti/protocol";
import type { Latency } from "../network/wire.js";
import type { SeededRandom } from "../seeded-random.js";
import { DeviceTab } from "./device-tab.js";
import type { StoredJournal } from "./stored-journal.js";

/** How the storage of a device behaves; asked anew for every call. */
export interface DeviceConditions {
  /** From a call until what it writes is durable, and once more as long until its caller hears of it. */
  readonly latency: Latency;
  /** Nothing can be opened, as in a private window: journals that a tab holds already go on. */
  readonly refuses: boolean;
  /** The quota is used up: nothing can be written, everything can be read and deleted. */
  readonly full: boolean;
  /** The probability that a write, or a deletion, fails without effect. */
  readonly failureRate: number;
  /** False: a journal is given to whoever asks, held or not, as where there are no locks. */
  readonly locks: boolean;
  /** Whoever dies while writing may leave a part of the last write: its first entries, the last of them cut off. */
  readonly tears: boolean;
}

/**
 * The places between which a tab may die. "begins": the call was made; "durable": it is on the disk, and the caller does
 * not know; "answered": the caller is about to be told.
 */
export const DEVICE_STEPS = [
  "append begins",
  "append durable",
  "append answered",
  "compaction begins",
  "compaction durable",
  "compaction answered",
  "deletion begins",
  "deletion durable",
  "deletion answered",
] as const;
export type DeviceStep = (typeof DEVICE_STEPS)[number];

/** What happened on a device. `bytes`: what a write made durable; empty before that. */
export interface DeviceEvent {
  readonly tab: DeviceTab;
  readonly step: DeviceStep;
  readonly journal: StoredJournal;
  readonly bytes: readonly Uint8Array[];
}

const GOOD: DeviceConditions = {
  latency: { from: 0, to: 0 },
  refuses: false,
  full: false,
  failureRate: 0,
  locks: true,
  tears: false,
};

/**
 * The storage of one browser, or folder of one program: it outlives the tabs that write into it. What was durable when
 * a tab died is there for the next one, in order and whole; of what was on its way a first part may be (all that was
 * asked for before it included), the rest is gone. A lock lasts as long as the tab that holds it.
 */
export class SimulatedDevice {
  conditions: DeviceConditions;
  /** Calls and answers so far. */
  steps = 0;
  /** A journal could not be deleted: what it holds may be less than what its tab did afterwards. */
  haunted = false;
  readonly clock: Clock;
  readonly random: SeededRandom;
  #journals: StoredJournal[] = [];
  readonly #listeners = new Set<(event: DeviceEvent) => void>();
  #touches = 0;

  /** @param clock one that goes on when a tab dies */
  constructor(clock: Clock, random: SeededRandom, conditions: Partial<DeviceConditions> = {}) {
    this.clock = clock;
    this.random = random;
    this.conditions = { ...GOOD, ...conditions };
  }

  /** All that is durable, the journal written last first. */
  get journals(): readonly StoredJournal[] {
    return [...this.#journals].sort((a, b) => b.touched - a.touched);
  }

  /** A new tab on this device: its store works until it dies. */
  openTab(): DeviceTab {
    return new DeviceTab(this);
  }

  /** Tells of every step of every write, while it is taken: a listener may let the tab die there. */
  watch(listener: (event: DeviceEvent) => void): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** For tabs: something happened. */
  tell(event: DeviceEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** For tabs: the time of a write, as a number that grows. */
  touch(): number {
    this.#touches += 1;
    return this.#touches;
  }

  /** For tabs: from now on there is this journal. */
  add(journal: StoredJournal): void {
    this.#journals.push(journal);
  }

  /** For tabs: it was deleted. */
  remove(journal: StoredJournal): void {
    this.#journals = this.#journals.filter((other) => other !== journal);
  }
}
