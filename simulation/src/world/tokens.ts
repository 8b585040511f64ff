import { type Clock, TuttiError } from "@tutti/protocol";
import type { Authenticator, Identity } from "@tutti/server";
import type { SeededRandom } from "@tutti/testkit";

/** Milliseconds that a token lasts when all is repaired. */
const LONG = 900_000;
/** Longest time that it takes to get a token, in milliseconds. */
const SLOWEST = 200;

/** Says who somebody is: gives tokens out, and checks them for the server. A token is "name end", or only a name. */
export class Tokens implements Authenticator {
  /** While true, nobody gets a token. */
  broken = false;
  /** While true, tokens last long. */
  reliable = false;
  /** Tokens given out so far. */
  issued = 0;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #life: number | undefined;

  /** @param life milliseconds that a token lasts at most; undefined: none ever expires */
  constructor(clock: Clock, random: SeededRandom, life: number | undefined) {
    this.#clock = clock;
    this.#random = random;
    this.#life = life;
  }

  /** What a client is given as `token`: now and then it gets one that is almost over, or is over when it arrives. */
  sourceFor(name: string): string | (() => Promise<string>) {
    return this.#life === undefined ? name : () => this.#issue(name, this.#life ?? 0);
  }

  async verify(token: string): Promise<Identity> {
    const [id = "", end] = token.split(" ");
    if (id === "") throw new TuttiError("unauthenticated", "no name");
    if (end === undefined) return { id, name: id };
    const expires = Number(end);
    if (expires <= this.#clock.now()) throw new TuttiError("unauthenticated", "the token has expired");
    return { id, name: id, expires };
  }

  async #issue(name: string, life: number): Promise<string> {
    const delay = this.#random.between(0, SLOWEST);
    const lasting = this.#random.chance(0.8) ? life : this.#random.integer(life);
    const end = this.#clock.now() + (this.reliable ? LONG : lasting);
    await new Promise<void>((resolve) => {
      this.#clock.schedule(delay, resolve);
    });
    if (this.broken) throw new TuttiError("unauthenticated", "nobody can sign in just now");
    this.issued += 1;
    return `${name} ${end}`;
  }
}
