import { isLoopback } from "../config.js";
import type { Protection } from "./defaults.js";
import { Meters } from "./rate-limits.js";

/** Why somebody is turned away. */
export type Excess = "connections" | "connectionsPerAddress" | "newConnectionsPerAddress";

/** How many things of one kind each owner has; owners with none are not kept. */
class Tally {
  readonly #counts = new Map<string, number>();

  of(owner: string): number {
    return this.#counts.get(owner) ?? 0;
  }

  add(owner: string, amount: 1 | -1): void {
    const count = this.of(owner) + amount;
    if (count > 0) this.#counts.set(owner, count);
    else this.#counts.delete(owner);
  }
}

/**
 * Counts of connections (L3). Addresses of this machine are not counted: everybody behind a proxy, or everybody at all
 * on a server for one machine, has the same one.
 */
export class ConnectionQuotas {
  readonly #protection: Protection;
  readonly #addresses = new Tally();
  readonly #users = new Tally();
  readonly #arrivals: Meters;
  #open = 0;

  constructor(protection: Protection) {
    this.#protection = protection;
    this.#arrivals = new Meters([{ most: protection.newConnectionsPerAddress, length: 60_000 }]);
  }

  get open(): number {
    return this.#open;
  }

  /** Why nobody else from there is let in now; undefined: they are. */
  excess(address: string | undefined, now: number): Excess | undefined {
    if (this.#open >= this.#protection.connections) return "connections";
    if (address === undefined || isOwnAddress(address)) return undefined;
    if (this.#addresses.of(address) >= this.#protection.connectionsPerAddress) return "connectionsPerAddress";
    return this.#arrivals.of(address).wait(now) > 0 ? "newConnectionsPerAddress" : undefined;
  }

  /** @returns to be called when it is closed */
  opened(address: string | undefined, now: number): () => void {
    const counted = address === undefined || isOwnAddress(address) ? undefined : address;
    this.#open += 1;
    if (counted !== undefined) {
      this.#addresses.add(counted, 1);
      this.#arrivals.of(counted).count(now);
    }
    return () => {
      this.#open -= 1;
      if (counted !== undefined) this.#addresses.add(counted, -1);
    };
  }

  /** False when this person has as many connections as they may have; it is not counted then. */
  identified(user: string): boolean {
    if (this.#users.of(user) >= this.#protection.connectionsPerUser) return false;
    this.#users.add(user, 1);
    return true;
  }

  /** Whether this person has a connection. */
  has(user: string): boolean {
    return this.#users.of(user) > 0;
  }

  left(user: string): void {
    this.#users.add(user, -1);
  }

  prune(now: number): void {
    this.#arrivals.prune(now);
  }
}

/** True for addresses of this machine, as a socket states them. */
export const isOwnAddress = (address: string): boolean => isLoopback(address.replace(/^::ffff:/, ""));
