import { type Attributes, canonicalJson, type JsonValue } from "./attributes.js";

/**
 * A polynomial hash of content (E9): `hash(c1 … cn) = Σ ci · B^(n-i) mod P`, in two lanes with different P and B.
 * It is a monoid homomorphism: the hash of two joined texts follows from their two hashes and the length of the right
 * one, so a tree can keep it in each node, and equal content has an equal hash whatever the shape of the tree or the
 * history of edits (Karp & Rabin 1987). It finds accidents, not forgeries: the bases are public.
 *
 * P and B are below 2^26, so every product is below 2^52 and exact in a double. Both lanes travel as one integer,
 * `a · 2^26 + b`: below 2^52, which JSON and MessagePack carry exactly; it is the checksum that people see.
 */
export type Checksum = number;

/** The two largest primes below 2^26. */
export const PRIME_A = 67_108_859;
export const PRIME_B = 67_108_837;
const BASE_A = 31_415_927;
const BASE_B = 27_182_819;
const LANE = 0x400_0000;

export const EMPTY_CHECKSUM: Checksum = 0;

export const packLanes = (a: number, b: number): Checksum => a * LANE + b;
export const laneA = (checksum: Checksum): number => Math.floor(checksum / LANE) | 0;
export const laneB = (checksum: Checksum): number => (checksum % LANE) | 0;

/** Lane A of `left` followed by something of `rightLength` units. The result is a small integer. */
export const joinLaneA = (left: number, right: number, rightLength: number): number =>
  modA(left * powerA(rightLength) + right);

/** As `joinLaneA`, for the other lane. */
export const joinLaneB = (left: number, right: number, rightLength: number): number =>
  modB(left * powerB(rightLength) + right);

/** Checksum of a run of text; every unit counts its code and its attributes. O(units + attributes). */
export function hashText(text: string, attributes: Attributes | undefined): Checksum {
  const plain = hashUnits(text, 0, text.length);
  if (attributes === undefined) return plain;
  // Each unit counts `salt` more: salt · (B^0 + … + B^(n-1)), a geometric series.
  const salt = hashJson(attributes);
  const seriesA = modA((powerA(text.length) - 1) * SERIES_A);
  const seriesB = modB((powerB(text.length) - 1) * SERIES_B);
  return packLanes(modA(laneA(plain) + laneA(salt) * seriesA), modB(laneB(plain) + laneB(salt) * seriesB));
}

/** Checksum of one embed with its attributes. */
export function hashEmbed(embed: Attributes, attributes: Attributes | undefined): Checksum {
  const both = hashJson([embed, attributes ?? null]);
  // Past every code unit, so that an embed never hashes like a letter.
  const offset = 0x1_0000;
  return packLanes(modA(laneA(both) + offset), modB(laneB(both) + offset));
}

function hashJson(value: JsonValue): Checksum {
  const json = canonicalJson(value);
  return hashUnits(json, 0, json.length);
}

/**
 * Checksum of a text after `removed` units at `at` gave way to `put`, from that of the text before. Reads the shorter
 * side of the edit only: typing at the end of a text of any length costs O(removed + put).
 *
 * @param before checksum of `text`, which has no attributes; `removed` and `put` at most 1,023 units
 */
export function hashSplice(before: Checksum, text: string, at: number, removed: number, put: string): Checksum {
  const end = at + removed;
  const fromLeft = at < text.length - end;
  const side = fromLeft ? hashUnits(text, 0, at) : hashUnits(text, end, text.length);
  const gone = hashUnits(text, at, end);
  const added = hashUnits(put, 0, put.length);
  const behind = text.length - end;
  const shape = { fromLeft, behind, removed, put: put.length };
  return packLanes(
    spliceLane(laneA(before), laneA(side), laneA(gone), laneA(added), shape, modA, powerA, INVERSE_POWERS_A),
    spliceLane(laneB(before), laneB(side), laneB(gone), laneB(added), shape, modB, powerB, INVERSE_POWERS_B),
  );
}

interface SpliceShape {
  readonly fromLeft: boolean;
  readonly behind: number;
  readonly removed: number;
  readonly put: number;
}

/** `before = left · B^(removed + behind) + gone · B^behind + right`: one of left and right is `side`, the other follows. */
function spliceLane(
  before: number,
  side: number,
  gone: number,
  added: number,
  { fromLeft, behind, removed, put }: SpliceShape,
  mod: (value: number) => number,
  power: (exponent: number) => number,
  inversePowers: Int32Array,
): number {
  const kept = mod(before - gone * power(behind));
  const middle = mod(added * power(behind));
  if (fromLeft) {
    const right = mod(kept - mod(side * power(removed + behind)));
    return mod(mod(side * power(put + behind)) + middle + right);
  }
  const shift = put >= removed ? power(put - removed) : entry(inversePowers, removed - put);
  return mod(mod(mod(kept - side) * shift) + middle + side);
}

/** Eight units per reduction: the sum of a lane and eight units with their powers is below 2^52 + 2^45. */
function hashUnits(text: string, from: number, to: number): Checksum {
  let a = 0;
  let b = 0;
  let at = from;
  for (const whole = to - 7; at < whole; at += 8) {
    const c0 = text.charCodeAt(at) + 1;
    const c1 = text.charCodeAt(at + 1) + 1;
    const c2 = text.charCodeAt(at + 2) + 1;
    const c3 = text.charCodeAt(at + 3) + 1;
    const c4 = text.charCodeAt(at + 4) + 1;
    const c5 = text.charCodeAt(at + 5) + 1;
    const c6 = text.charCodeAt(at + 6) + 1;
    const c7 = text.charCodeAt(at + 7) + 1;
    a = modA(a * A8 + c0 * A7 + c1 * A6 + c2 * A5 + c3 * A4 + c4 * A3 + c5 * A2 + c6 * BASE_A + c7);
    b = modB(b * B8 + c0 * B7 + c1 * B6 + c2 * B5 + c3 * B4 + c4 * B3 + c5 * B2 + c6 * BASE_B + c7);
  }
  for (; at < to; at += 1) {
    const unit = text.charCodeAt(at) + 1;
    a = modA(a * BASE_A + unit);
    b = modB(b * BASE_B + unit);
  }
  return packLanes(a, b);
}

// A remainder of doubles is a slow library call. The quotient from a multiplication is exact for all that is summed up
// here, between -(2^52 + 2^45) and 2^52 + 2^45: it grows with the value, and all multiples of both primes up to there and
// their neighbours were tried. `| 0` tells the engine that the result is a small integer, which it keeps without a box.
const INVERSE_A = 1 / PRIME_A;
const INVERSE_B = 1 / PRIME_B;

const modA = (value: number): number => (value - Math.floor(value * INVERSE_A) * PRIME_A) | 0;
const modB = (value: number): number => (value - Math.floor(value * INVERSE_B) * PRIME_B) | 0;

/** A power with an exponent below 2^31 is a product of three from tables: 10 + 10 + 11 bits of the exponent. */
const DIGIT = 10;
const MASK = (1 << DIGIT) - 1;

function powersOf(base: number, count: number, mod: (value: number) => number): Int32Array {
  const powers = new Int32Array(count);
  let power = 1;
  for (let index = 0; index < count; index += 1) {
    powers[index] = power;
    power = mod(power * base);
  }
  return powers;
}

const LOW_A = powersOf(BASE_A, MASK + 2, modA);
const LOW_B = powersOf(BASE_B, MASK + 2, modB);
const MIDDLE_A = powersOf(entry(LOW_A, MASK + 1), MASK + 2, modA);
const MIDDLE_B = powersOf(entry(LOW_B, MASK + 1), MASK + 2, modB);
const HIGH_A = powersOf(entry(MIDDLE_A, MASK + 1), 2 * MASK + 2, modA);
const HIGH_B = powersOf(entry(MIDDLE_B, MASK + 1), 2 * MASK + 2, modB);
const [A2, A3, A4, A5, A6, A7, A8] = [...LOW_A.subarray(2, 9)] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const [B2, B3, B4, B5, B6, B7, B8] = [...LOW_B.subarray(2, 9)] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const INVERSE_POWERS_A = powersOf(fieldPower(BASE_A, PRIME_A - 2, modA), MASK + 1, modA);
const INVERSE_POWERS_B = powersOf(fieldPower(BASE_B, PRIME_B - 2, modB), MASK + 1, modB);
/** 1 / (B - 1) in the field of P, by Fermat's little theorem. */
const SERIES_A = fieldPower(BASE_A - 1, PRIME_A - 2, modA);
const SERIES_B = fieldPower(BASE_B - 1, PRIME_B - 2, modB);

function entry(table: Int32Array, index: number): number {
  return table[index] as number;
}

function powerA(exponent: number): number {
  const low = entry(LOW_A, exponent & MASK);
  if (exponent <= MASK) return low;
  return modA(modA(low * entry(MIDDLE_A, (exponent >> DIGIT) & MASK)) * entry(HIGH_A, exponent >> (2 * DIGIT)));
}

function powerB(exponent: number): number {
  const low = entry(LOW_B, exponent & MASK);
  if (exponent <= MASK) return low;
  return modB(modB(low * entry(MIDDLE_B, (exponent >> DIGIT) & MASK)) * entry(HIGH_B, exponent >> (2 * DIGIT)));
}

function fieldPower(base: number, exponent: number, mod: (value: number) => number): number {
  let power = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest >>>= 1) {
    if ((rest & 1) === 1) power = mod(power * square);
    square = mod(square * square);
  }
  return power;
}
