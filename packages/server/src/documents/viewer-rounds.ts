import { type Delivery, delivery } from "@tutti/ot";
import type { Cancel } from "@tutti/protocol";
import { firstPace, nextPace, type Pace, type PaceRules } from "../delivery/pace.js";
import type { Reader } from "../delivery/reader.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import { errorFields } from "../log.js";
import type { BringingOn, DeliveryEnvironment } from "./bringing-on.js";
import { committedMessages, composedMessage } from "./broadcast.js";
import type { History } from "./history.js";

/** What one go of a round may cost before everybody else has a turn: telling one reader, some 10 µs, costs 1. */
const SLICE = 16;
/** Composing and encoding a message costs as much as telling so many. */
const MAKING = 16;
/** Whoever is further behind is brought on alone. */
const LONGEST = 512;

/** A message for a client: the same one for all but those who wrote something of it. */
type MessageFor = (client: string) => SharedMessage;

/** What one round tells: everything up to one version, in one message for all who have the same version now. */
interface Round {
  readonly to: number;
  /** What all who are told together remember: one record, however many they are. */
  readonly told: Delivery;
  /** By the version they lead on from, and for whom; undefined: that would be too much for one message. */
  readonly messages: Map<number, MessageFor | undefined>;
}

/**
 * Tells those who view in rounds (S11): what was committed since the last one, composed once, encoded once, and sent in
 * slices between which everything else has its turn. So a crowd costs by rounds, not by keystrokes, and no editor waits
 * for it. Rounds come further apart while they are much work, and only while there is something to tell.
 *
 * Invariants; the tests cite them by number.
 *  1. A reader is told in a round only while nothing is decided of what is still to be told to it (`Reader.isOpen`).
 *     Otherwise (it edited before, and the answer is still to come) it is brought on alone, cut as decided.
 *  2. Telling a reader in a round begins its record anew: from there on the cuts of everything that it is told are known.
 *     So what it writes on that version or a later one, having become an editor, is transformed over exactly the pieces
 *     that it got.
 *  3. What it writes on an older version all the same is told to it with its content, because nobody knows the cuts any
 *     more (`Reader.decideOwn`).
 *  4. Nothing is kept for a reader from round to round, however many they are.
 */
export class ViewerRounds {
  readonly #document: string;
  readonly #history: History;
  readonly #env: DeliveryEnvironment;
  readonly #bringingOn: BringingOn;
  readonly #viewers = new Set<Reader>();
  #rules: PaceRules | undefined;
  #pace: Pace | undefined;
  #next: Cancel | undefined;
  #running = false;
  #last = Number.NEGATIVE_INFINITY;
  /** The version that the last round led to. */
  #reached = 0;

  constructor(document: string, history: History, env: DeliveryEnvironment, bringingOn: BringingOn) {
    this.#document = document;
    this.#history = history;
    this.#env = env;
    this.#bringingOn = bringingOn;
  }

  /** Milliseconds from one round to the next, as it is now; undefined: there are none. */
  get interval(): number | undefined {
    return this.#pace?.interval;
  }

  /** True while there are versions that those who view are told of in the next round: one is on its way. */
  get behind(): boolean {
    const comes = this.#next !== undefined || this.#running;
    return comes && this.#viewers.size > 0 && this.#reached < this.#history.version;
  }

  /** Begins, or goes on by other rules. */
  begin(rules: PaceRules): void {
    if (this.#rules?.fastest === rules.fastest && this.#rules.slowest === rules.slowest) return;
    if (this.#rules === undefined) this.#reached = this.#history.version;
    this.#rules = rules;
    this.#pace = firstPace(rules);
  }

  /** There are no rounds any more. @returns those who were told in rounds */
  end(): readonly Reader[] {
    const viewers = [...this.#viewers];
    this.#viewers.clear();
    this.#rules = undefined;
    this.#pace = undefined;
    this.#next?.();
    this.#next = undefined;
    return viewers;
  }

  has(reader: Reader): boolean {
    return this.#viewers.has(reader);
  }

  /** Whatever it has not been told by now, it is told otherwise. */
  add(reader: Reader): void {
    this.#viewers.add(reader);
  }

  delete(reader: Reader): boolean {
    return this.#viewers.delete(reader);
  }

  /** There may be something to tell. */
  wake(): void {
    const { clock } = this.#env;
    if (this.#pace === undefined || this.#next !== undefined || this.#running || this.#viewers.size === 0) return;
    const due = Math.max(clock.now(), this.#last + this.#pace.interval);
    this.#next = clock.schedule(due - clock.now(), () => {
      this.#next = undefined;
      void this.#round(due);
    });
  }

  /** Never rejects. @param due when it should have begun */
  async #round(due: number): Promise<void> {
    const { clock, log, observer } = this.#env;
    this.#running = true;
    this.#last = clock.now();
    const to = this.#history.version;
    this.#reached = to;
    let left = true;
    try {
      this.#env.roundBegins?.(this.#document);
      left = await this.#tellAll({ to, told: delivery(to), messages: new Map() });
    } catch (error) {
      log.warn("a round of updates broke off; the next one goes on", {
        document: this.#document,
        ...errorFields(error),
      });
    }
    this.#running = false;
    const took = clock.now() - due;
    observer.viewersTold(this.#viewers.size, took);
    if (this.#pace !== undefined && this.#rules !== undefined) this.#pace = nextPace(this.#pace, took, this.#rules);
    if (left || this.#history.version > to) this.wake();
  }

  /** @returns whether somebody had no room, or is to be looked at again for another reason */
  async #tellAll(round: Round): Promise<boolean> {
    let left = false;
    let cost = 0;
    // Who comes meanwhile is visited as well, who leaves is not.
    for (const reader of this.#viewers) {
      if (cost >= SLICE) {
        cost = 0;
        await this.#rest();
      }
      if (reader.sent >= round.to) continue;
      const made = round.messages.size;
      if (!this.#tell(reader, round)) left = true;
      cost += 1 + MAKING * (round.messages.size - made);
    }
    return left;
  }

  /** @returns false when it could not be told now */
  #tell(reader: Reader, round: Round): boolean {
    if (!this.#bringingOn.isFree(reader)) return false;
    const message = reader.isOpen ? this.#message(reader, round) : undefined;
    if (message === undefined) {
      this.#bringingOn.advance(reader);
      return false;
    }
    const { participant } = reader;
    if (!participant.hasRoom) return false;
    reader.startAnew(round.told);
    participant.send(message(participant.client));
    return true;
  }

  /** The message that leads from the version that a reader has to that of the round; undefined: that is too far. */
  #message({ sent, participant: { pieces } }: Reader, { to, messages }: Round): MessageFor | undefined {
    const key = 2 * sent + (pieces ? 1 : 0);
    if (!messages.has(key)) messages.set(key, pieces ? this.#composed(sent, to) : this.#singles(sent, to));
    return messages.get(key);
  }

  #composed(from: number, to: number): MessageFor | undefined {
    if (to - from > LONGEST) return undefined;
    const pieces = this.#history.recentPieces([{ from, to, by: "span" }]);
    if (pieces === undefined) return undefined;
    const message = composedMessage(this.#document, from, pieces);
    return () => message;
  }

  /** For those who don't know composed changes. */
  #singles(from: number, to: number): MessageFor | undefined {
    if (to - from > LONGEST) return undefined;
    const since = this.#history.recentSince(from);
    return since && committedMessages(this.#document, since.slice(0, to - from));
  }

  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#env.clock.schedule(0, resolve);
    });
  }
}
