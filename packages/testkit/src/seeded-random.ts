import type { Random } from "@tutti/protocol";

/**
 * Randomness that one seed decides: sfc32 (Doty-Humphrey, PractRand) with its state filled by splitmix32. Not for
 * secrets.
 */
export class SeededRandom implements Random {
  readonly seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed any number; its lower 32 bits count */
  constructor(seed: number) {
    this.seed = seed >>> 0;
    const fill = splitmix32(this.seed);
    this.#a = fill();
    this.#b = fill();
    this.#c = fill();
    // The first outputs still resemble the seed.
    for (let round = 0; round < 12; round += 1) this.#next32();
  }

  /** Evenly distributed in [0, 1), 32 bits. */
  next(): number {
    return this.#next32() / 0x1_0000_0000;
  }

  /** An integer in [0, n); 0 when n is not positive. */
  integer(n: number): number {
    return n <= 0 ? 0 : Math.floor(this.next() * n);
  }

  /** An integer in [from, to], both included. */
  between(from: number, to: number): number {
    return from + this.integer(to - from + 1);
  }

  /** True with this probability (0 never, 1 always). */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<const L extends readonly [unknown, ...unknown[]]>(list: L): L[number];
  /** One of the list; undefined when it is empty. */
  pick<T>(list: readonly T[]): T | undefined;
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.integer(list.length)];
  }

  /**
   * A generator of its own for one part of a test. It depends on this one's seed and the name only, so what one part
   * draws never changes what another part gets.
   */
  fork(name: string): SeededRandom {
    return new SeededRandom(hash(name, this.seed));
  }

  #next32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}

/** FNV-1a over the name, started at the seed. */
function hash(name: string, seed: number): number {
  let value = 0x811c_9dc5 ^ seed;
  for (let index = 0; index < name.length; index += 1) {
    value = Math.imul(value ^ name.charCodeAt(index), 0x0100_0193);
  }
  return splitmix32(value)();
}
