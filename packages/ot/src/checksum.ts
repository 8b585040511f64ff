import { type Attributes, canonicalJson, type JsonValue } from "./attributes.js";

/**
 * A polynomial hash of content (E9): `hash(c1 … cn) = Σ ci · B^(n-i) mod P`, in two lanes with different P and B.
 * It is a monoid homomorphism: the hash of two joined texts follows from their two hashes, so a tree can keep it in
 * each node, and equal content has an equal hash whatever the shape of the tree or the history of edits
 * (Karp & Rabin 1987). P < 2^26, so that every product is exact in a double.
 */
export interface ContentHash {
  readonly a: number;
  readonly b: number;
  /** B^n of each lane, for joining something of n units on the right. */
  readonly powerA: number;
  readonly powerB: number;
}

const PRIME_A = 67_108_859;
const PRIME_B = 67_108_837;
const BASE_A = 31_415_927;
const BASE_B = 27_182_819;

export const EMPTY_HASH: ContentHash = { a: 0, b: 0, powerA: 1, powerB: 1 };

/** Hash of the content of `left` followed by that of `right`. */
export function joinHashes(left: ContentHash, right: ContentHash): ContentHash {
  return {
    a: (left.a * right.powerA + right.a) % PRIME_A,
    b: (left.b * right.powerB + right.b) % PRIME_B,
    powerA: (left.powerA * right.powerA) % PRIME_A,
    powerB: (left.powerB * right.powerB) % PRIME_B,
  };
}

/** Hash of a run of text; every unit counts its code and its attributes. */
export function hashText(text: string, attributes: Attributes | undefined): ContentHash {
  const salt = attributes === undefined ? NO_ATTRIBUTES : hashJson(attributes);
  let a = 0;
  let b = 0;
  let powerA = 1;
  let powerB = 1;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index) + 1;
    a = (a * BASE_A + unit + salt.a) % PRIME_A;
    b = (b * BASE_B + unit + salt.b) % PRIME_B;
    powerA = (powerA * BASE_A) % PRIME_A;
    powerB = (powerB * BASE_B) % PRIME_B;
  }
  return { a, b, powerA, powerB };
}

/** Hash of one embed with its attributes. */
export function hashEmbed(embed: Attributes, attributes: Attributes | undefined): ContentHash {
  const content = hashJson(embed);
  const salt = attributes === undefined ? NO_ATTRIBUTES : hashJson(attributes);
  // Past every code unit, so that an embed never hashes like a letter.
  const offset = 0x1_0000;
  return {
    a: (content.a + salt.a + offset) % PRIME_A,
    b: (content.b + salt.b + offset) % PRIME_B,
    powerA: BASE_A,
    powerB: BASE_B,
  };
}

/** Both lanes as one integer below 2^52, which JSON and MessagePack carry exactly. */
export const checksumOf = (hash: ContentHash): number => hash.a * 0x400_0000 + hash.b;

const NO_ATTRIBUTES = { a: 0, b: 0 };

function hashJson(value: JsonValue): ContentHash {
  return hashText(canonicalJson(value), undefined);
}
