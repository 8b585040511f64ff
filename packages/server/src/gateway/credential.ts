import { type Cancel, type Clock, scheduleAt, TuttiError, type User } from "@tutti/protocol";
import type { Identity } from "../access/authenticator.js";

/** Whom a connection belongs to, and until when that is certain. It can be renewed, but never passes to somebody else (A1). */
export class Credential {
  readonly user: User;
  readonly #clock: Clock;
  readonly #expired: () => void;
  #expires: number | undefined;
  #cancel: Cancel | undefined;

  /** @param expired told once, when it was not renewed in time; not after `drop` */
  constructor(identity: Identity, clock: Clock, expired: () => void) {
    const { id, name } = identity;
    this.user = { id, name };
    this.#clock = clock;
    this.#expired = expired;
    this.#take(identity);
  }

  /** Milliseconds until it expires; undefined: never. */
  get expiresIn(): number | undefined {
    return this.#expires === undefined ? undefined : Math.max(0, this.#expires - this.#clock.now());
  }

  /** A newer token counts instead of the one before. @throws TuttiError `forbidden` when it is somebody else's */
  renew(identity: Identity): void {
    if (identity.id !== this.user.id) throw new TuttiError("forbidden", "the token belongs to somebody else");
    this.#take(identity);
  }

  /** Forgets when it expires. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #take({ expires }: Identity): void {
    this.drop();
    this.#expires = expires;
    if (expires !== undefined) this.#cancel = scheduleAt(this.#clock, expires, this.#expired);
  }
}
