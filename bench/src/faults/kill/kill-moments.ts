import type { SeededRandom } from "@tutti/testkit";

/** Longest time that a server lives once people write again, in milliseconds. */
const LONGEST_LIFE = 1000;
/** Until clients have come back: they wait about a second before they try again. */
const COMING_BACK = 1200;
/** A server is ready after about so long. */
const STARTING = 350;

/** When the server is killed: mostly under people who write, sometimes while they come back or while it starts. */
export class KillMoments {
  readonly #random: SeededRandom;
  readonly #acknowledgement: () => Promise<void>;

  /** @param acknowledgement resolves when somebody is told next that something is saved */
  constructor(random: SeededRandom, acknowledgement: () => Promise<void>) {
    this.#random = random;
    this.#acknowledgement = acknowledgement;
  }

  /** Resolves when a server that is ready shall die. */
  async serving(): Promise<void> {
    const whileComingBack = this.#random.chance(0.15);
    const delay = this.#random.integer(whileComingBack ? COMING_BACK : LONGEST_LIFE);
    if (!whileComingBack) await this.#acknowledgement();
    await new Promise((resolve) => setTimeout(resolve, delay));
  }

  /** Milliseconds after which a server that is just starting shall die; undefined: it may start. */
  starting(): number | undefined {
    return this.#random.chance(0.1) ? this.#random.integer(STARTING) : undefined;
  }
}
