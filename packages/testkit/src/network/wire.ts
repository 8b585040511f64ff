import type { Cancel, Clock, Frame } from "@tutti/protocol";
import type { SeededRandom } from "../seeded-random.js";

/** What travels in one direction, in order. */
export type Parcel =
  | { readonly kind: "connect" }
  | { readonly kind: "accepted"; readonly subprotocol: string }
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "closed"; readonly code: number; readonly reason: string };

/** Milliseconds, evenly distributed between both (included); `{ from: 0, to: 0 }` is delivery without delay. */
export interface Latency {
  readonly from: number;
  readonly to: number;
}

interface InTransit {
  readonly parcel: Parcel;
  readonly due: number;
}

/**
 * One direction of a connection: what is put in first comes out first, each after its latency. It can be held (nothing
 * comes out until it is released), loses its last parcels when it breaks, and takes nothing afterwards.
 */
export class Wire {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #latency: () => Latency;
  readonly #deliver: (parcel: Parcel) => void;
  #transit: InTransit[] = [];
  #lastDue = 0;
  #held = false;
  #broken = false;
  #timer: Cancel | undefined;

  constructor(clock: Clock, random: SeededRandom, latency: () => Latency, deliver: (parcel: Parcel) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#latency = latency;
    this.#deliver = deliver;
  }

  /** Bytes of the frames in transit. */
  get bytes(): number {
    return this.#transit.reduce((sum, { parcel }) => sum + (parcel.kind === "frame" ? parcel.frame.length : 0), 0);
  }

  /** What is in transit, first to arrive first. */
  get waiting(): readonly Parcel[] {
    return this.#transit.map(({ parcel }) => parcel);
  }

  send(parcel: Parcel): void {
    if (!this.#broken) this.#enqueue(parcel, 0);
  }

  /**
   * Takes nothing any more; only the first `keep` parcels in transit still arrive.
   * @param notice how the receiver learns of it, and how many milliseconds late; undefined: never
   */
  break(keep: number, notice?: { readonly parcel: Parcel; readonly late: number }): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#transit = this.#transit.slice(0, keep);
    this.#arm();
    if (notice !== undefined) this.#enqueue(notice.parcel, notice.late);
  }

  /** From now on nothing is delivered. */
  hold(): void {
    this.#held = true;
    this.#arm();
  }

  /** What is due is delivered, the rest when it is. */
  release(): void {
    this.#held = false;
    this.#arm();
  }

  /** Delivers the next parcel at once, due or not, held or not. @returns false when there is none */
  deliverNext(): boolean {
    const next = this.#transit.shift();
    if (next === undefined) return false;
    this.#arm();
    this.#deliver(next.parcel);
    return true;
  }

  #enqueue(parcel: Parcel, late: number): void {
    const { from, to } = this.#latency();
    const due = this.#clock.now() + this.#random.between(from, to) + late;
    this.#lastDue = Math.max(due, this.#lastDue);
    this.#transit.push({ parcel, due: this.#lastDue });
    if (this.#transit.length === 1) this.#arm();
  }

  #arm(): void {
    this.#timer?.();
    this.#timer = undefined;
    const next = this.#transit[0];
    if (next === undefined || this.#held) return;
    this.#timer = this.#clock.schedule(next.due - this.#clock.now(), () => this.deliverNext());
  }
}
