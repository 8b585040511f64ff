/** The token of the person: fixed, or asked for anew before every connection and before it expires. */
export type TokenSource = string | (() => Promise<string>);

/** Tokens that were just fetched and refused, in a row, after which fetching another one is pointless. */
const REFUSALS = 4;

/** Where the tokens come from, and whether the server likes them (A1). */
export class Credentials {
  #source: TokenSource;
  #refusals = 0;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  get source(): TokenSource {
    return this.#source;
  }

  /** Whether a newer token can be had without the person. */
  get renewable(): boolean {
    return typeof this.#source === "function";
  }

  /** The person has signed in again. */
  replace(source: TokenSource): void {
    this.#source = source;
    this.#refusals = 0;
  }

  /** The server took the token. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** The server refused a token that was fetched for this attempt. @returns whether another one has a point */
  refused(): boolean {
    this.#refusals += 1;
    return this.renewable && this.#refusals < REFUSALS;
  }
}
