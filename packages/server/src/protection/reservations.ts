/** The time at which somebody who was turned away may come. */
interface Slot {
  readonly person: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface ReservationRules {
  /** Slots that may be reserved at once, of everybody. */
  readonly most: number;
  /** Of one person. */
  readonly mostOfPerson: number;
  /** Milliseconds after its time for which a slot is kept. */
  readonly grace: number;
}

/** Times without a promise lie at most so far apart, in milliseconds; then they start anew. */
const LONGEST_SPREAD = 30_000;

/**
 * The slots of those who were turned away. No two are at the same moment, each is used once, and whoever does not come
 * loses it: what they reserved must not keep others out for ever.
 */
export class Reservations {
  readonly #rules: ReservationRules;
  /** In the order of their times. */
  readonly #slots = new Set<Slot>();
  readonly #ofPerson = new Map<string, Set<Slot>>();
  #last = Number.NEGATIVE_INFINITY;
  #lastUnpromised = Number.NEGATIVE_INFINITY;

  constructor(rules: ReservationRules) {
    this.#rules = rules;
  }

  /** Slots that are reserved and not used yet. */
  get size(): number {
    return this.#slots.size;
  }

  /**
   * @param wish the soonest time (milliseconds since 1970)
   * @param apart milliseconds from the slot before
   * @returns when this person may come: with too many slots it is a time without a promise
   */
  reserve(person: string, wish: number, apart: number): number {
    const own = this.#ofPerson.get(person) ?? new Set<Slot>();
    if (this.#slots.size >= this.#rules.most || own.size >= this.#rules.mostOfPerson) return this.spread(wish, apart);
    const time = Math.ceil(Math.max(wish, this.#last + apart));
    const slot = { person, time };
    this.#last = time;
    this.#slots.add(slot);
    this.#ofPerson.set(person, own.add(slot));
    return time;
  }

  /** A time for somebody who is promised nothing, from `wish` on: those who ask one after the other get different ones. */
  spread(wish: number, apart: number): number {
    const next = this.#lastUnpromised + apart;
    this.#lastUnpromised = next < wish || next > wish + LONGEST_SPREAD ? wish : next;
    return Math.ceil(this.#lastUnpromised);
  }

  /** Uses the earliest slot of this person that is due up to then. @returns its time; undefined: there is none */
  use(person: string, until: number): number | undefined {
    for (const slot of this.#ofPerson.get(person) ?? []) {
      if (slot.time > until) return undefined;
      this.#remove(slot);
      return slot.time;
    }
    return undefined;
  }

  /** Forgets those who did not come. */
  prune(now: number): void {
    for (const slot of this.#slots) {
      if (slot.time + this.#rules.grace >= now) return;
      this.#remove(slot);
    }
  }

  #remove(slot: Slot): void {
    this.#slots.delete(slot);
    const own = this.#ofPerson.get(slot.person);
    own?.delete(slot);
    if (own?.size === 0) this.#ofPerson.delete(slot.person);
  }
}
