import { canonicalJson, diffAttributes } from "./attributes.js";
import { Document } from "./document.js";
import { OperationError } from "./errors.js";
import { differences, type Hunk } from "./myers.js";
import { normalForm } from "./normal-form.js";
import {
  type Component,
  componentLength,
  type Insert,
  isInsert,
  type Operation,
  OperationBuilder,
} from "./operation.js";
import { Walker } from "./walker.js";

/**
 * The operation that turns one document into another. Law: `a.apply(diff(a, b))` has the content of `b`.
 *
 * Text and embeds that both have stay, and where only their attributes differ they are formatted; so cursors, comments
 * and other people's edits there stay too. For contents that differ in little, as few units as possible are inserted and deleted.
 * Longer ones are compared line by line first and then, within lines that differ, character by character; where more
 * than a bound differs, it is replaced as a whole. Never cuts a surrogate pair.
 *
 * O(n + d · D): n the length of both, d that of what lies between the equal ends, D the differences in it (bounded).
 * Source of the algorithm: Myers 1986, see `differences`.
 *
 * @throws OperationError as `Document.fromDelta`, for contents that are no documents
 */
export function diff(a: Document | Operation, b: Document | Operation): Operation {
  const [before, after] = [contentOf(a), contentOf(b)];
  const identities = new Map<string, number>();
  const [old, now] = [tokensOf(before, identities), tokensOf(after, identities)];
  const out = new OperationBuilder();
  const [source, target] = [new Walker(before), new Walker(after)];
  let position = 0;
  for (const hunk of hunksOf(old, now)) {
    keep(source, target, lengthOf(old, position, hunk.fromA), out);
    const inserted = lengthOf(now, hunk.fromB, hunk.toB);
    for (const part of taken(target, inserted)) out.push(part);
    const deleted = lengthOf(old, hunk.fromA, hunk.toA);
    for (const part of taken(source, deleted)) out.delete(componentLength(part));
    position = hunk.toA;
  }
  keep(source, target, lengthOf(old, position, old.length), out);
  return out.build();
}

/** Differing characters, and differing lines, that are looked for; what differs more is replaced. */
const CHARACTER_BOUND = 1_000;
const LINE_BOUND = 2_000;
/** Up to this many characters are compared without looking at lines first. */
const SHORT = 2_000;
/** Tokens of embeds start behind the last code point. */
const EMBEDS = 0x11_0000;
const LINE_BREAK = 10;

function contentOf(content: Document | Operation): Operation {
  if (content instanceof Document) return content.toDelta();
  const parts = normalForm(content);
  const wrong = parts.findIndex((part) => !isInsert(part));
  if (wrong >= 0) throw new OperationError("malformed", "a document holds inserts only", wrong);
  return parts.every((part) => !(part as Insert).continues) ? parts : Document.fromDelta(parts).toDelta();
}

/** One number for each character (code point) or embed, equal for equal ones whatever their attributes. */
function tokensOf(content: Operation, identities: Map<string, number>): Int32Array {
  const tokens = new Int32Array(content.reduce((sum, part) => sum + componentLength(part), 0));
  let count = 0;
  for (const { insert } of content as readonly Insert[]) {
    if (typeof insert !== "string") {
      tokens[count++] = EMBEDS + identityOf(canonicalJson(insert), identities);
      continue;
    }
    for (let index = 0; index < insert.length; index += 1) {
      const code = insert.codePointAt(index) as number;
      if (code > 0xffff) index += 1;
      tokens[count++] = code;
    }
  }
  return tokens.subarray(0, count);
}

function identityOf(name: string, identities: Map<string, number>): number {
  const known = identities.get(name);
  if (known !== undefined) return known;
  const fresh = identities.size;
  identities.set(name, fresh);
  return fresh;
}

/** UTF-16 units of the tokens [from, to). */
function lengthOf(tokens: Int32Array, from: number, to: number): number {
  let length = to - from;
  for (let index = from; index < to; index += 1) {
    const token = tokens[index] as number;
    if (token > 0xffff && token < EMBEDS) length += 1;
  }
  return length;
}

function hunksOf(old: Int32Array, now: Int32Array): readonly Hunk[] {
  // With a bound of 0 only the equal ends are found.
  return differences(old, now, 0).flatMap((whole) => {
    const [a, b] = [old.subarray(whole.fromA, whole.toA), now.subarray(whole.fromB, whole.toB)];
    const inner = a.length + b.length <= SHORT ? differences(a, b, CHARACTER_BOUND) : lineHunks(a, b);
    return inner.map((hunk) => shifted(hunk, whole));
  });
}

/** Lines first, then the characters of what differs. */
function lineHunks(a: Int32Array, b: Int32Array): readonly Hunk[] {
  const identities = new Map<string, number>();
  const [old, now] = [linesOf(a, identities), linesOf(b, identities)];
  return differences(old.names, now.names, LINE_BOUND).flatMap((lines) => {
    const fromA = old.starts[lines.fromA] as number;
    const toA = old.starts[lines.toA] as number;
    const fromB = now.starts[lines.fromB] as number;
    const toB = now.starts[lines.toB] as number;
    const inner = differences(a.subarray(fromA, toA), b.subarray(fromB, toB), CHARACTER_BOUND);
    return inner.map((hunk) => shifted(hunk, { fromA, fromB, toA, toB }));
  });
}

const shifted = (hunk: Hunk, by: Hunk): Hunk => ({
  fromA: hunk.fromA + by.fromA,
  toA: hunk.toA + by.fromA,
  fromB: hunk.fromB + by.fromB,
  toB: hunk.toB + by.fromB,
});

/** A number for each line, equal for equal ones, and where each starts; one start more at the end. */
function linesOf(tokens: Int32Array, identities: Map<string, number>) {
  const names: number[] = [];
  const starts = [0];
  for (let end = 1; end <= tokens.length; end += 1) {
    if (end < tokens.length && tokens[end - 1] !== LINE_BREAK) continue;
    names.push(identityOf(tokens.subarray(starts.at(-1), end).join(), identities));
    starts.push(end);
  }
  return { names, starts };
}

/** Both have these units; what differs in their formatting is laid over. */
function keep(source: Walker, target: Walker, length: number, out: OperationBuilder): void {
  for (let left = length; left > 0; ) {
    const step = Math.min(left, source.left, target.left);
    out.retain(step, diffAttributes((source.part as Insert).attributes, (target.part as Insert).attributes));
    source.advance(step);
    target.advance(step);
    left -= step;
  }
}

/** Hands out the next `length` units, part by part, and steps over them. */
function* taken(walker: Walker, length: number): Generator<Component, void, undefined> {
  for (let left = length; left > 0; ) {
    const step = Math.min(left, walker.left);
    yield walker.cut(step);
    walker.advance(step);
    left -= step;
  }
}
