/** Random cases for the fuzzer: made without fast-check, which would take most of the time. */
import {
  type Attributes,
  applyWithEmbeds,
  type Component,
  Document,
  type Embed,
  isInsert,
  type JsonValue,
  normalise,
  type Operation,
} from "../../src/index.js";
import { TYPES } from "../sample-embeds.js";

/** `a` and `b` are made on `base`, `c` on what `a` leaves, `d` on what `c` leaves. All JSON. */
export interface FuzzCase {
  readonly base: Operation;
  readonly a: Operation;
  readonly b: Operation;
  readonly c: Operation;
  readonly d: Operation;
  readonly identical: "merge" | "keep";
}

/** A random integer in [0, below). */
export type Dice = (below: number) => number;

/** Mulberry32: the same numbers for the same seed, on every machine. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

const PIECES = ["a", "b", "ab", "aa", "\n", "é", "漢", "😀", "x😀y", "👩‍👧"] as const;
const VALUES: readonly JsonValue[] = [true, 1, "red", { deep: ["x"] }];
const pick = <Value>(roll: Dice, values: readonly Value[]): Value => values[roll(values.length)] as Value;

function attributes(roll: Dice, withNull: boolean): { attributes?: Attributes } {
  if (roll(3) > 0) return {};
  const value = withNull && roll(3) === 0 ? null : pick(roll, VALUES);
  return { attributes: { [pick(roll, ["bold", "colour"])]: value } };
}

function content(roll: Dice): string | Embed {
  switch (roll(8)) {
    case 0:
      return { image: roll(2) };
    case 1:
      return { count: roll(5) - 2 };
    case 2:
      return { note: roll(2) === 0 ? [] : [{ insert: pick(roll, PIECES) }] };
    default:
      return pick(roll, PIECES);
  }
}

/** What becomes of the units [from, to) that stay. */
function retained(roll: Dice, units: readonly (string | Embed)[]): Component[] {
  if (roll(12) === 0) return [{ move: roll(2), length: units.length } as unknown as Component];
  const formats = attributes(roll, true);
  return units.map((unit) => {
    const change = typeof unit === "string" || roll(4) === 0 ? undefined : changeOf(roll, unit);
    return change === undefined ? { retain: 1, ...formats } : { retain: 1, ...formats, change };
  });
}

function changeOf(roll: Dice, unit: Embed): Embed | undefined {
  if ("count" in unit) return { count: roll(2) === 0 ? -1 : 2 };
  if (!("note" in unit)) return undefined;
  const inside = Document.fromDelta(unit["note"]);
  const edit = roll(3) === 0 ? [{ delete: inside.length }] : [{ insert: pick(roll, ["a", "b"]) }, { delete: 0 }];
  const change = normalise(edit);
  return change.length === 0 ? undefined : { note: change as unknown as JsonValue };
}

function operation(roll: Dice, base: Document): Operation {
  const units = base.toDelta().flatMap((part): (string | Embed)[] => {
    const inserted = isInsert(part) ? part.insert : "";
    return typeof inserted === "string" ? inserted.split("") : [inserted];
  });
  const parts: Component[] = [];
  let at = 0;
  for (let steps = roll(6); steps > 0; steps -= 1) {
    const kind = roll(5);
    if (kind < 2) {
      const bit = roll(3) === 0 ? { continues: true as const } : undefined;
      parts.push({ insert: content(roll), ...attributes(roll, false), ...bit });
      continue;
    }
    let end = Math.min(at + 1 + roll(3), units.length);
    const unit = units[end];
    if (typeof unit === "string" && unit >= "\uDC00" && unit <= "\uDFFF") end += 1;
    if (end === at) continue;
    if (kind === 2) parts.push({ delete: end - at });
    else parts.push(...retained(roll, units.slice(at, end)));
    at = end;
  }
  return normalise(parts);
}

export function randomCase(roll: Dice): FuzzCase {
  const runs = Array.from({ length: roll(5) }, () => ({ insert: content(roll), ...attributes(roll, false) }));
  const base = Document.fromDelta(runs);
  const a = operation(roll, base);
  const b = roll(8) === 0 ? a : operation(roll, base);
  const afterA = applyWithEmbeds(base, a, TYPES);
  const c = operation(roll, afterA);
  const d = operation(roll, applyWithEmbeds(afterA, c, TYPES));
  return { base: base.toDelta(), a, b, c, d, identical: roll(2) === 0 ? "merge" : "keep" };
}
