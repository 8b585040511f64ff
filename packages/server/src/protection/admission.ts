import { type Cancel, type Clock, TuttiError } from "@tutti/protocol";
import type { Observer } from "../metrics/observer.js";
import type { Protection } from "./defaults.js";
import { Entering } from "./entering.js";
import { FairLine } from "./fair-line.js";
import { Pace } from "./pace.js";
import { Reservations } from "./reservations.js";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "./token-bucket.js";

export interface AdmissionEnvironment {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly protection: Protection;
  /** Nobody is let in for now. */
  readonly shut: () => boolean;
}

/** Somebody on the way in. */
export interface Visit {
  /** Resolves when they are let in, or have left; rejects with TuttiError `overloaded` when it took too long. */
  readonly admitted: Promise<void>;
  /** They asked for a document, and count until they have it. */
  opens(): void;
  /** What they came for is done: the next ones may come. A second call changes nothing. */
  settled(): void;
  /** They are gone. */
  leave(): void;
}

interface Waiting {
  readonly since: number;
  /** When it is their turn, as it was foreseen or promised (milliseconds since 1970). */
  readonly due: number;
  readonly enter: () => void;
}

/** Slots that one person may have reserved: more tabs than that are told when to come, and promised nothing. */
const SLOTS_OF_PERSON = 20;
/** How often (ms) it is looked whether the doors are open again. */
const LOOK = 250;
/** The longest wait in the line, as a multiple of the one that is foreseen: beyond it the server is slower than thought. */
const LATE = 1.5;

/**
 * Lets connections in at a pace that the server bears (S10): at most so many a second, and at most so many at once that
 * were let in and do not have their first document yet, so that a slow machine lets in fewer. Everybody else has a place
 * in one queue. Its first few seconds wait here; those behind are sent away with the moment at which their turn comes,
 * and whoever comes then is let in: newcomers stand behind all who were there before them, here or away.
 */
export class Admission {
  readonly #env: AdmissionEnvironment;
  readonly #rule: BucketRule;
  readonly #reservations: Reservations;
  /** Those who came at their slot, and everybody else. */
  readonly #promised = new FairLine<Waiting>();
  readonly #others = new FairLine<Waiting>();
  readonly #pace: Pace;
  #bucket: Bucket;
  /** Let in, and not settled. */
  #entering = 0;
  #next: Cancel | undefined;

  constructor(env: AdmissionEnvironment) {
    const { admissionsPerSecond, admissionsBurst, reservedSlots, slotGrace } = env.protection;
    this.#env = env;
    this.#rule = { perSecond: admissionsPerSecond, capacity: admissionsBurst };
    this.#bucket = fullBucket(this.#rule, env.clock.now());
    this.#pace = new Pace(1000 / admissionsPerSecond);
    this.#reservations = new Reservations({ most: reservedSlots, mostOfPerson: SLOTS_OF_PERSON, grace: slotGrace });
  }

  /** Connections that wait here. */
  get waiting(): number {
    return this.#promised.size + this.#others.size;
  }

  /**
   * Somebody who said who they are wants in.
   * @throws TuttiError `overloaded` with a slot of their own as `retryAfter`
   */
  enter(person: string): Visit {
    const now = this.#env.clock.now();
    const { admissionWait } = this.#env.protection;
    this.#reservations.prune(now);
    const slot = this.#reservations.use(person, now + admissionWait);
    const wait = this.#untilTurn(now);
    if (slot === undefined && wait > admissionWait) throw this.#turnAway(person, now, wait);
    const visit =
      slot === undefined ? this.#wait(person, this.#others, now + wait) : this.#wait(person, this.#promised, slot);
    this.#advance();
    return visit;
  }

  /** When somebody who is turned away before they said who they are may come, in milliseconds from now: without a promise. */
  retryAfter(): number {
    const now = this.#env.clock.now();
    this.#reservations.prune(now);
    const wish = now + Math.max(this.#untilTurn(now), this.#env.protection.retryAfter);
    return Math.ceil(this.#reservations.spread(wish, this.#pace.interval) - now);
  }

  /** How long somebody who comes now would wait, in milliseconds: everybody who is ahead has a place or a slot. */
  #untilTurn(now: number): number {
    this.#bucket = spend(this.#rule, this.#bucket, 0, now);
    const behind = this.waiting + this.#reservations.size + 1 - Math.max(0, this.#bucket.tokens);
    return Math.max(0, behind) * this.#pace.interval;
  }

  #turnAway(person: string, now: number, wait: number): TuttiError {
    const { protection, observer } = this.#env;
    const slot = this.#reservations.reserve(person, now + Math.max(wait, protection.retryAfter), this.#pace.interval);
    observer.turnedAway("overloaded");
    this.#tell();
    return new TuttiError("overloaded", "many come at once; your turn comes then", Math.ceil(slot - now));
  }

  #wait(person: string, line: FairLine<Waiting>, due: number): Visit {
    const { clock, protection } = this.#env;
    const since = clock.now();
    let leave: Cancel = () => {};
    let entering: Entering | undefined;
    const admitted = new Promise<void>((resolve, reject) => {
      const place = line.add(person, {
        since,
        due,
        enter: () => {
          late();
          entering = this.#entered();
          resolve();
        },
      });
      const late = clock.schedule(protection.admissionWait * LATE, () => {
        place();
        reject(this.#turnAway(person, clock.now(), this.#untilTurn(clock.now())));
      });
      leave = () => {
        late();
        place();
        entering?.end();
        resolve();
      };
    });
    return { admitted, opens: () => entering?.opens(), settled: () => entering?.end(), leave: () => leave() };
  }

  #entered(): Entering {
    this.#entering += 1;
    return new Entering(this.#env.clock, () => {
      this.#entering -= 1;
      this.#advance();
    });
  }

  /** Lets in whoever may come in now, and sees to it that the next ones will be. */
  #advance(): void {
    this.#next?.();
    this.#next = undefined;
    const { clock, protection, shut } = this.#env;
    const now = clock.now();
    while (this.waiting > 0 && this.#entering < protection.admissionsAtOnce && this.#mayEnter(now) && !shut()) {
      this.#letIn(now);
    }
    this.#tell();
    if (this.waiting === 0) this.#pace.forget();
    else if (shut()) this.#next = clock.schedule(LOOK, () => this.#advance());
    else if (this.#entering < protection.admissionsAtOnce)
      this.#next = clock.schedule(this.#untilToken, () => this.#advance());
  }

  #mayEnter(now: number): boolean {
    this.#bucket = spend(this.#rule, this.#bucket, 0, now);
    return this.#bucket.tokens >= 1;
  }

  get #untilToken(): number {
    return Math.max(1, debtTime(this.#rule, { ...this.#bucket, tokens: this.#bucket.tokens - 1 }));
  }

  #letIn(now: number): void {
    const promised = this.#promised.next?.due ?? Number.POSITIVE_INFINITY;
    const foreseen = this.#others.next?.due ?? Number.POSITIVE_INFINITY;
    const next = (promised <= foreseen ? this.#promised : this.#others).take();
    if (next === undefined) return;
    this.#bucket = spend(this.#rule, this.#bucket, 1, now);
    this.#pace.passed(now);
    this.#env.observer.admitted(now - next.since);
    next.enter();
  }

  #tell(): void {
    this.#env.observer.admission(this.waiting, this.#reservations.size);
  }
}
