import { type Attributes, canonicalJson, type JsonValue } from "./attributes.js";

/**
 * A polynomial hash of content (E9): `hash(c1 … cn) = Σ ci · B^(n-i) mod P`, in two lanes with different P and B.
 * It is a monoid homomorphism: the hash of two joined texts follows from their two hashes, so a tree can keep it in
 * each node, and equal content has an equal hash whatever the shape of the tree or the history of edits
 * (Karp & Rabin 1987). It finds accidents, not forgeries: the bases are public.
 *
 * P and B are below 2^26, so every product is below 2^52 and exact in a double.
 */
export interface ContentHash {
  readonly a: number;
  readonly b: number;
  /** B^n of each lane, for joining something of n units on the right. */
  readonly powerA: number;
  readonly powerB: number;
}

/** The two largest primes below 2^26. */
export const PRIME_A = 67_108_859;
export const PRIME_B = 67_108_837;
const BASE_A = 31_415_927;
const BASE_B = 27_182_819;

export const EMPTY_HASH: ContentHash = { a: 0, b: 0, powerA: 1, powerB: 1 };

/** Hash of the content of `left` followed by that of `right`. */
export function joinHashes(left: ContentHash, right: ContentHash): ContentHash {
  return {
    a: modA(left.a * right.powerA + right.a),
    b: modB(left.b * right.powerB + right.b),
    powerA: modA(left.powerA * right.powerA),
    powerB: modB(left.powerB * right.powerB),
  };
}

/** Hash of a run of text; every unit counts its code and its attributes. */
export function hashText(text: string, attributes: Attributes | undefined): ContentHash {
  const salt = attributes === undefined ? EMPTY_HASH : hashJson(attributes);
  let a = 0;
  let b = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index) + 1;
    a = modA(a * BASE_A + unit + salt.a);
    b = modB(b * BASE_B + unit + salt.b);
  }
  return { a, b, ...powersOf(text.length) };
}

/** Hash of one embed with its attributes. */
export function hashEmbed(embed: Attributes, attributes: Attributes | undefined): ContentHash {
  const both = hashJson([embed, attributes ?? null]);
  // Past every code unit, so that an embed never hashes like a letter.
  const offset = 0x1_0000;
  return { a: modA(both.a + offset), b: modB(both.b + offset), powerA: BASE_A, powerB: BASE_B };
}

/** Both lanes as one integer below 2^52, which JSON and MessagePack carry exactly. */
export const checksumOf = (hash: ContentHash): number => hash.a * 0x400_0000 + hash.b;

function hashJson(value: JsonValue): ContentHash {
  return hashText(canonicalJson(value), undefined);
}

// A remainder of doubles is a slow library call. The quotient from a multiplication is off by one at most.
const INVERSE_A = 1 / PRIME_A;
const INVERSE_B = 1 / PRIME_B;

function modA(value: number): number {
  const rest = value - Math.floor(value * INVERSE_A) * PRIME_A;
  return rest < 0 ? rest + PRIME_A : rest >= PRIME_A ? rest - PRIME_A : rest;
}

function modB(value: number): number {
  const rest = value - Math.floor(value * INVERSE_B) * PRIME_B;
  return rest < 0 ? rest + PRIME_B : rest >= PRIME_B ? rest - PRIME_B : rest;
}

type Powers = Pick<ContentHash, "powerA" | "powerB">;

/** Powers of the lengths that leaves have; longer text (JSON of an embed) squares its way up. */
const POWERS: readonly Powers[] = firstPowers(257);

function firstPowers(count: number): readonly Powers[] {
  const powers: Powers[] = [];
  let power: Powers = { powerA: 1, powerB: 1 };
  for (let index = 0; index < count; index += 1) {
    powers.push(power);
    power = { powerA: modA(power.powerA * BASE_A), powerB: modB(power.powerB * BASE_B) };
  }
  return powers;
}

function powersOf(length: number): Powers {
  const known = POWERS[length];
  if (known !== undefined) return known;
  const half = powersOf(Math.floor(length / 2));
  const rest = powersOf(length % 2);
  return {
    powerA: modA(modA(half.powerA * half.powerA) * rest.powerA),
    powerB: modB(modB(half.powerB * half.powerB) * rest.powerB),
  };
}
