import type { Cancel, Clock, Move } from "@tutti/protocol";
import type { PresenceService } from "../presence/presence-service.js";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "../protection/token-bucket.js";
import type { Membership } from "./membership.js";

export interface MovesEnvironment {
  readonly clock: Clock;
  readonly presence: PresenceService;
}

/** Moves that may come at once after a quiet time: what the network held up for a moment comes together. */
const AT_ONCE = 3;

/**
 * The moves of one connection, at most so many a second (P3). Of more, the latest of each document counts when it is its
 * turn; the others are forgotten, which is nobody's fault.
 */
export class Moves {
  readonly #env: MovesEnvironment;
  readonly #rule: BucketRule;
  #bucket: Bucket;
  readonly #waiting = new Map<Membership, Move>();
  #planned: Cancel | undefined;

  constructor(env: MovesEnvironment) {
    const { clock, presence } = env;
    this.#env = env;
    this.#rule = { perSecond: presence.moves, capacity: Math.min(AT_ONCE, presence.moves) };
    this.#bucket = fullBucket(this.#rule, clock.now());
  }

  take(membership: Membership, move: Move): void {
    if (this.#planned === undefined && this.#mayPass()) this.#pass(membership, move);
    else this.#hold(membership, move);
  }

  /** The document is left; nobody is there any more. */
  forget(membership: Membership): void {
    this.#waiting.delete(membership);
  }

  close(): void {
    this.#planned?.();
    this.#planned = undefined;
    this.#waiting.clear();
  }

  #hold(membership: Membership, move: Move): void {
    const older = this.#waiting.get(membership);
    if (older !== undefined) this.#env.presence.skipped();
    // What was said with the older one beside the cursor still holds.
    const { visibility = older?.visibility } = move;
    this.#waiting.set(membership, visibility === undefined ? move : { ...move, visibility });
    const wait = debtTime(this.#rule, spend(this.#rule, this.#bucket, 1, this.#env.clock.now()));
    this.#planned ??= this.#env.clock.schedule(Math.max(1, wait), () => this.#flush());
  }

  #flush(): void {
    this.#planned = undefined;
    for (const [membership, move] of this.#waiting) {
      this.#waiting.delete(membership);
      if (this.#mayPass()) this.#pass(membership, move);
      else {
        this.#hold(membership, move);
        return;
      }
    }
  }

  #pass(membership: Membership, move: Move): void {
    this.#env.presence.move(membership.document, membership, move);
  }

  #mayPass(): boolean {
    const spent = spend(this.#rule, this.#bucket, 1, this.#env.clock.now());
    if (spent.tokens < 0) return false;
    this.#bucket = spent;
    return true;
  }
}
