/** Looks in a row without a byte read, though too many wait, after which a receiver is cut off. */
const LOOKS = 4;

/** Finds out whether a receiver reads at all (S6). */
export class Stall {
  #bytes = 0;
  #looks = 0;

  /**
   * To be called from time to time.
   * @param bytes that wait for the receiver
   * @returns true when it has taken nothing for several looks in a row though much was waiting for it
   */
  look(bytes: number, hasRoom: boolean): boolean {
    const stands = !hasRoom && bytes >= this.#bytes;
    this.#bytes = bytes;
    this.#looks = stands ? this.#looks + 1 : 0;
    return this.#looks > LOOKS;
  }
}
