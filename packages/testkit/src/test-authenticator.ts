import { type Clock, TuttiError, type User } from "@tutti/protocol";

/** Between the person and the time of expiry; no id has it. */
const SEPARATOR = "@";

/** A token of `user`, as `TestAuthenticator` takes it. @param expires milliseconds since 1970; left out: never */
export const testToken = (user: string, expires?: number): string =>
  expires === undefined ? user : `${user}${SEPARATOR}${expires}`;

/**
 * Takes tokens that say in plain text whom they belong to and when they expire (A1): for tests and simulations that make
 * them up. A token that starts with "bad", or names nobody, is refused.
 */
export class TestAuthenticator {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws TuttiError `unauthenticated` */
  async verify(token: string): Promise<User & { readonly expires?: number }> {
    const [id = "", time] = token.split(SEPARATOR);
    if (id === "" || id.startsWith("bad")) throw new TuttiError("unauthenticated", "the token is not valid");
    const user = { id, name: `Name of ${id}` };
    if (time === undefined) return user;
    if (Number(time) <= this.#clock.now()) throw new TuttiError("unauthenticated", "the token has expired");
    return { ...user, expires: Number(time) };
  }
}
