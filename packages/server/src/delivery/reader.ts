import { type Delivery, deliver, deliverOwn, delivery, heard, rejoin } from "@tutti/ot";
import type { Participant } from "./participant.js";

/** A stretch of history, from version `from` to `to`, and how one reader gets it. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** One change for each operation; the canonical list of spans; or the reader's own operation. */
  readonly by: "operation" | "span" | "own";
}

/** What must be known of a reader who left and may come back for a lost answer. */
export interface Told {
  readonly told: Delivery;
  /**
   * The reader's own version about which nobody knows any more over which pieces it was transformed (the server was
   * restarted since): it is told with its operation. undefined: none.
   */
  readonly unsure: number | undefined;
}

/** Beyond this many stretches the oldest are forgotten: a reader who only reads never says how far it is. */
const MOST_STRETCHES = 1000;
/** Where it is not known how an author was told, a gap up to this length is told as it would have been live. */
const LIVE_GAP = 500;

/**
 * One participant's stream of changes: how far it was sent, and how everything up to there, and what is decided beyond,
 * is cut (S6). What the participant writes is transformed over exactly these pieces, because transform does not
 * distribute over compose.
 */
export class Reader {
  readonly participant: Participant;
  /** The version up to which everything was sent. */
  sent: number;
  /** Something is being prepared for it; nothing else may be sent meanwhile. */
  busy = true;
  #told: Delivery;
  #unsure: number | undefined;

  /** @param version what the participant has, or will have with the content that it gets */
  constructor(participant: Participant, version: number, { told, unsure }: Told) {
    this.participant = participant;
    this.sent = version;
    this.#told = told;
    this.#unsure = unsure;
  }

  /** What to remember when it leaves; undefined: nothing, as of somebody who only ever viewed. */
  get memory(): Told | undefined {
    if (this.#told.stretches.length === 0 && this.#unsure === undefined) return undefined;
    return { told: this.#told, unsure: this.#unsure };
  }

  /** True where its own version that is told with the operation is among these. */
  isUnsure(first: number, last = first): boolean {
    return this.#unsure !== undefined && first <= this.#unsure && this.#unsure <= last;
  }

  /** The participant says that it has reached this version. */
  heard(version: number): void {
    this.#told = heard(this.#told, version);
  }

  /** Everything up to `version` that is not decided yet goes out this way. @param by for those who take pieces */
  decide(version: number, by: "operation" | "span"): void {
    // What was sent live came one by one; it is noted now, so that a commit costs a reader who keeps up nothing.
    if (decidedTo(this.#told) < this.sent) this.#told = deliver(this.#told, this.sent, "operation");
    if (version <= decidedTo(this.#told)) return;
    this.#told = forgetful(deliver(this.#told, version, this.participant.pieces ? by : "operation"));
  }

  /**
   * An operation of the participant, made on `base`, will be `version`. What is between is told one by one where nothing
   * else was decided.
   */
  decideOwn(base: number, version: number): void {
    // Whoever takes no pieces is told everything one by one, whatever is remembered of it.
    if (base < this.#told.base && this.participant.pieces) this.#unsure = version;
    this.decide(version - 1, "operation");
    this.#told = deliverOwn(this.#told);
  }

  /** What was decided beyond `version` will not come to be: storage failed. */
  settle(version: number): void {
    this.#told = settled(this.#told, version);
  }

  /**
   * True when nothing is decided of what is still to be told, so that it may be cut in any way. Not while an operation of
   * the participant's own is under way to it.
   */
  get isOpen(): boolean {
    return decidedTo(this.#told) <= this.sent && (this.#unsure ?? 0) <= this.sent;
  }

  /**
   * Something goes out that leads to `told.base`, and how what came before was cut is forgotten: the content instead of
   * changes; or what everybody is told together, who may share one `told`.
   */
  startAnew(told: Delivery): void {
    this.sent = told.base;
    this.#told = told;
  }

  /** How (from, to] is told; everything up to `to` must be decided. */
  gaps(from: number, to: number): readonly Gap[] {
    const gaps: Gap[] = [];
    let reached = from;
    const add = (end: number, by: Gap["by"]): void => {
      if (Math.min(end, to) <= reached) return;
      gaps.push({ from: reached, to: Math.min(end, to), by });
      reached = end;
    };
    add(this.#told.base, "operation");
    for (const stretch of this.#told.stretches) add(stretch.to, stretch.by);
    return gaps;
  }
}

/**
 * How somebody who comes back with `version` is told of what came since (S2, C5).
 *
 * @param before what is remembered; undefined: nothing
 * @param own version of the participant's newest operation, pending ones included; 0 when there is none
 */
export function comeBack(before: Told | undefined, version: number, own = 0): Told {
  if (before !== undefined && before.told.base <= version) {
    // What is remembered of an operation that storage may or may not hold counts too, until `settle` knows.
    const told = rejoin(before.told, version);
    if (own <= version || knows(told, own)) return { told, unsure: before.unsure };
  }
  if (own <= version) return { told: delivery(version), unsure: undefined };
  const by = own - version > LIVE_GAP ? "span" : "operation";
  return { told: deliverOwn(deliver(delivery(version), own - 1, by)), unsure: own };
}

/** What remains of a record when what was decided beyond `version` will not come to be. */
export function settled(told: Delivery, version: number): Delivery {
  const stretches = told.stretches.filter(({ to }) => to <= version);
  const straddling = told.stretches[stretches.length];
  const reached = stretches.at(-1)?.to ?? told.base;
  if (straddling === undefined || reached >= version) return { ...told, stretches };
  return { ...told, stretches: [...stretches, { to: version, by: "operation" }] };
}

const decidedTo = (told: Delivery): number => told.stretches.at(-1)?.to ?? told.base;

const knows = (told: Delivery, own: number): boolean => told.stretches.some(({ to, by }) => by === "own" && to === own);

function forgetful(told: Delivery): Delivery {
  const oldest = told.stretches[told.stretches.length - MOST_STRETCHES];
  return oldest === undefined ? told : heard(told, oldest.to);
}
