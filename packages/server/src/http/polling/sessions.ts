import { type Clock, type Random, randomId, TuttiError } from "@tutti/protocol";
import { type Bucket, type BucketRule, debtTime, fullBucket, spend } from "../../protection/token-bucket.js";
import type { TuttiServer } from "../../server.js";
import { Inbox } from "../inbox.js";
import { PollingSession } from "./session.js";

/** Requests of one session: far more than typing needs, far less than what a server would notice. */
const REQUESTS: BucketRule = { perSecond: 200, capacity: 400 };
const ID_LENGTH = 24;

export interface SessionsEnvironment {
  readonly server: TuttiServer;
  readonly clock: Clock;
  /** Unguessable: whoever knows the id of a session can speak in it. */
  readonly random: Random;
}

interface Entry {
  readonly session: PollingSession;
  requests: Bucket;
}

/** The sessions of all clients that poll. */
export class PollingSessions {
  readonly #env: SessionsEnvironment;
  readonly #inbox = new Inbox();
  readonly #entries = new Map<string, Entry>();

  constructor(env: SessionsEnvironment) {
    this.#env = env;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * @param address where the client connects from, where somebody knows
   * @returns the id of a new session
   * @throws TuttiError as `Guard.admit` does
   */
  open(address: string | undefined): string {
    const { server, clock, random } = this.#env;
    server.guard.admit(address);
    const id = randomId(random, ID_LENGTH);
    const session = new PollingSession(clock, () => this.#entries.delete(id));
    this.#entries.set(id, { session, requests: fullBucket(REQUESTS, clock.now()) });
    const events = server.accept(session, "tutti.v1+json", address);
    session.attach(this.#inbox.open(events, () => session.pause()));
    return id;
  }

  /**
   * Before the body of a request is read, so that nobody sends much for nothing.
   * @throws TuttiError `not_found` when there is no such session, or no longer; `rate_limited` after too many requests
   */
  admit(id: string): PollingSession {
    const entry = this.#entry(id);
    if (this.#env.server.guard.env.rateLimits) this.#count(entry);
    return entry.session;
  }

  /** @throws TuttiError `not_found` */
  find(id: string): PollingSession {
    return this.#entry(id).session;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new TuttiError("not_found", "no such session: open another one");
    return entry;
  }

  #count(entry: Entry): void {
    const requests = spend(REQUESTS, entry.requests, 1, this.#env.clock.now());
    const wait = debtTime(REQUESTS, requests);
    // What is refused costs nothing more: waiting as long as told is always enough.
    if (wait > 0) throw new TuttiError("rate_limited", "too many requests", wait);
    entry.requests = requests;
  }
}
