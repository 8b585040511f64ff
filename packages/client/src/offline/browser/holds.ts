/// <reference lib="dom" />
import type { Clock, Random } from "@tutti/protocol";
import { randomId } from "@tutti/protocol";
import { OfflineStoreError } from "../offline-store.js";

/** Lets one tab of a browser hold something until it lets go, is closed, or crashes. */
export interface Holds {
  /** @returns what lets go; undefined when another tab (or this one) holds it */
  take(name: string): Promise<(() => void) | undefined>;
}

/** The best that this browser has. @throws OfflineStoreError "refused" where tabs can't know of each other */
export function holdsOf(scope: string, clock: Clock, random: Random): Holds {
  const { navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>;
  if (navigator?.locks !== undefined) return new LockHolds(scope, navigator.locks);
  if (BroadcastChannel !== undefined) return new ChannelHolds(new BroadcastChannel(scope), clock, random);
  throw new OfflineStoreError(
    "refused",
    "neither Web Locks nor BroadcastChannel: tabs can't keep their journals apart",
  );
}

/** With Web Locks: the browser itself knows which tabs live. */
class LockHolds implements Holds {
  readonly #scope: string;
  readonly #locks: LockManager;
  /** What this tab is letting go of: it is free when these have resolved. */
  readonly #leaving = new Set<Promise<unknown>>();

  constructor(scope: string, locks: LockManager) {
    this.#scope = scope;
    this.#locks = locks;
  }

  async take(name: string): Promise<(() => void) | undefined> {
    await Promise.all(this.#leaving);
    return new Promise((resolve, reject) => {
      const over = this.#locks.request(`${this.#scope} ${name}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(undefined);
          return undefined;
        }
        return new Promise<void>((release) => {
          resolve(() => {
            this.#leaving.add(over);
            release();
          });
        });
      });
      over.then(() => this.#leaving.delete(over), reject);
    });
  }
}

/** How long the other tabs have for an answer, in milliseconds: much longer than a message between them takes. */
const PATIENCE = 150;

interface Question {
  readonly kind: "ask" | "held";
  readonly name: string;
  /** Who asks. */
  readonly asker: string;
}

/**
 * Without Web Locks (pages that are not from a secure origin have none) tabs ask each other. Of two that ask at the same
 * time, the one with the smaller name gets it.
 */
class ChannelHolds implements Holds {
  readonly #channel: BroadcastChannel;
  readonly #clock: Clock;
  readonly #me: string;
  readonly #held = new Set<string>();
  readonly #asking = new Map<string, () => void>();

  constructor(channel: BroadcastChannel, clock: Clock, random: Random) {
    this.#channel = channel;
    this.#clock = clock;
    this.#me = randomId(random);
    channel.onmessage = ({ data }: MessageEvent<Question>) => this.#heard(data);
    // In Node, where tests run, an open channel would keep the process alive.
    (channel as { unref?: () => void }).unref?.();
  }

  async take(name: string): Promise<(() => void) | undefined> {
    if (this.#held.has(name) || this.#asking.has(name)) return undefined;
    const free = await new Promise<boolean>((resolve) => {
      const cancel = this.#clock.schedule(PATIENCE, () => resolve(true));
      this.#asking.set(name, () => {
        cancel();
        resolve(false);
      });
      this.#channel.postMessage({ kind: "ask", name, asker: this.#me } satisfies Question);
    });
    this.#asking.delete(name);
    if (!free) return undefined;
    this.#held.add(name);
    return () => void this.#held.delete(name);
  }

  #heard({ kind, name, asker }: Question): void {
    if (kind === "held") {
      if (asker === this.#me) this.#asking.get(name)?.();
      return;
    }
    const asking = this.#asking.get(name);
    const mine = this.#held.has(name) || (asking !== undefined && this.#me < asker);
    if (mine) this.#channel.postMessage({ kind: "held", name, asker } satisfies Question);
    // The other tab may be too young to have heard this one ask.
    else if (asker !== this.#me) asking?.();
  }
}
