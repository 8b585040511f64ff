/**
 * A second, deliberately naive algebra to compare the real one with. A document is an array of characters (UTF-16
 * units or embeds) with attributes. An operation is a plan: for each gap what is inserted there, for each character
 * whether it stays and what formats it. Quadratic, and written without looking at the real one.
 */
import {
  type Attributes,
  type Component,
  canonicalJson,
  type Embed,
  type EmbedType,
  type EmbedTypes,
  type JsonValue,
  normalise,
  type Operation,
} from "../src/index.js";

interface Character {
  readonly unit: JsonValue;
  readonly format: ReadonlyMap<string, JsonValue>;
  readonly continues: boolean;
}
/** What becomes of a character that stays. A null value in the map removes the attribute. */
interface Kept {
  readonly format: ReadonlyMap<string, JsonValue>;
  readonly change?: Embed | undefined;
  /** A component of an unknown kind, and which of its units this is. */
  readonly skipped?: { readonly component: { readonly [key: string]: JsonValue }; readonly unit: number } | undefined;
}
interface Plan {
  /** gaps[i] goes in front of character i; the last one at the end. */
  readonly gaps: readonly (readonly Character[])[];
  /** null: deleted. */
  readonly fates: readonly (Kept | null)[];
}
const NOTHING: Kept = { format: new Map() };

const mapOf = (attributes: Attributes | undefined): ReadonlyMap<string, JsonValue> =>
  new Map(Object.entries(attributes ?? {}));
const without = (map: ReadonlyMap<string, JsonValue>, drop: (key: string, value: JsonValue) => boolean) =>
  new Map([...map].filter(([key, value]) => !drop(key, value)));

function charactersOf(part: { insert: JsonValue; attributes?: Attributes; continues?: true }): Character[] {
  const units: JsonValue[] = typeof part.insert === "string" ? part.insert.split("") : [part.insert];
  return units.map((unit) => ({ unit, format: mapOf(part.attributes), continues: part.continues === true }));
}

function planOf(operation: Operation, length: number): Plan {
  const gaps: Character[][] = Array.from({ length: length + 1 }, () => []);
  const fates: (Kept | null)[] = Array.from({ length }, () => NOTHING);
  let at = 0;
  // Where the inserts of a gap belong: deletes between two of them don't part them.
  let gap = 0;
  for (const part of operation) {
    if ("insert" in part) {
      gaps[gap]?.push(...charactersOf(part));
    } else if ("delete" in part) {
      for (let count = 0; count < part.delete; count += 1) fates[at++] = null;
    } else if (part.retain > 0) {
      const { change, skipped } = part;
      for (let count = 0; count < part.retain; count += 1) {
        const piece = skipped && { component: skipped.component, unit: skipped.from + count };
        fates[at++] = { format: mapOf(part.attributes), change, skipped: piece };
      }
      gap = at;
    }
  }
  return { gaps, fates };
}

function componentsOf({ gaps, fates }: Plan): Component[] {
  const parts: Component[] = [];
  gaps.forEach((inserted, index) => {
    for (const character of inserted) parts.push(insertOf(character));
    const fate = fates[index];
    if (fate === null) parts.push({ delete: 1 });
    else if (fate !== undefined) parts.push(retainOf(fate));
  });
  return parts;
}

function insertOf({ unit, format, continues }: Character): Component {
  const attributes = format.size === 0 ? undefined : { attributes: Object.fromEntries(format) };
  return { insert: unit as string, ...attributes, ...(continues ? { continues: true as const } : undefined) };
}

function retainOf({ format, change, skipped }: Kept): Component {
  const piece = skipped && { component: skipped.component, from: skipped.unit };
  return {
    retain: 1,
    ...(format.size === 0 ? undefined : { attributes: Object.fromEntries(format) }),
    ...(change === undefined ? undefined : { change }),
    ...(piece === undefined ? undefined : { skipped: piece }),
  };
}

/** What a handler makes of an embed (or of the change that stands in its place); as it is where there is none. */
function handled(embed: Embed, types: EmbedTypes, act: (type: EmbedType, value: JsonValue) => JsonValue | undefined) {
  const [[kind, value]] = Object.entries(embed) as [[string, JsonValue]];
  const type = types.get(kind);
  const result = type === undefined ? value : act(type, value);
  return result === undefined ? undefined : Object.fromEntries([[kind, result]]);
}

const only = (embed: Embed): JsonValue => Object.values(embed)[0] as JsonValue;

function changed(character: Character, change: Embed | undefined, types: EmbedTypes): JsonValue {
  if (change === undefined) return character.unit;
  return handled(character.unit as Embed, types, (type, data) => type.apply(data, only(change))) as Embed;
}

function both(first: Kept, second: Kept, types: EmbedTypes): Kept {
  const { change } = second;
  const old = first.change;
  return {
    format: new Map([...first.format, ...second.format]),
    change:
      change === undefined || old === undefined
        ? (change ?? old)
        : handled(change, types, (type, value) => type.compose(only(old), value)),
    skipped: second.skipped ?? first.skipped,
  };
}

function spanOf(...operations: readonly Operation[]): number {
  const span = (operation: Operation): number =>
    operation.reduce((sum, part) => {
      if ("retain" in part) return sum + part.retain;
      if ("delete" in part) return sum + part.delete;
      return sum + (typeof part.insert === "string" ? part.insert.length : 1);
    }, 0);
  return operations.reduce((sum, operation) => sum + span(operation), 1);
}

/** The document after `operation`, both as Deltas. */
export function naiveApply(document: Operation, operation: Operation, types: EmbedTypes = new Map()): Operation {
  const characters = document.flatMap((part) => ("insert" in part ? charactersOf(part) : []));
  const { gaps, fates } = planOf(operation, characters.length);
  const after: Character[] = [];
  gaps.forEach((inserted, index) => {
    after.push(...inserted);
    const character = characters[index];
    const fate = fates[index];
    if (character !== undefined && fate !== null && fate !== undefined) {
      const format = without(new Map([...character.format, ...fate.format]), (_key, value) => value === null);
      after.push({ ...character, unit: changed(character, fate.change, types), format });
    }
  });
  return normalise(after.map((character) => insertOf({ ...character, continues: false })));
}

/** Applies the second plan to what the first one leaves of a long stretch of nameless characters. */
export function naiveCompose(first: Operation, second: Operation, types: EmbedTypes = new Map()): Operation {
  const length = spanOf(first, second);
  const { gaps, fates } = planOf(first, length);
  // Every unit after the first operation: one that it inserted, or the number of one that it kept.
  const units: { gap: number; inserted?: Character; kept?: number }[] = [];
  gaps.forEach((inserted, gap) => {
    for (const character of inserted) units.push({ gap, inserted: character });
    if (fates[gap] !== null && gap < length) units.push({ gap, kept: gap });
  });
  const plan = planOf(second, units.length);
  const newGaps: Character[][] = gaps.map(() => []);
  const newFates = [...fates];
  // An insert goes with what is in front of it: behind a kept unit starts the next gap.
  let gap = 0;
  units.forEach((unit, index) => {
    newGaps[gap]?.push(...(plan.gaps[index] ?? []));
    const fate = plan.fates[index];
    gap = unit.gap;
    if (unit.inserted !== undefined) {
      if (fate === null || fate === undefined) return;
      // The gap of an inserted unit may lie behind deleted ones; its own insert keeps it.
      newGaps[gap]?.push({
        ...unit.inserted,
        unit: changed(unit.inserted, fate.change, types),
        format: without(new Map([...unit.inserted.format, ...fate.format]), (_key, value) => value === null),
      });
      return;
    }
    const kept = unit.kept ?? 0;
    newFates[kept] = fate === null || fate === undefined ? null : both(fates[kept] ?? NOTHING, fate, types);
    gap = kept + 1;
  });
  return normalise(componentsOf({ gaps: newGaps, fates: newFates }));
}

const same = (a: readonly Character[], b: readonly Character[]): boolean => {
  const show = (list: readonly Character[]): string =>
    list.map(({ unit, format, continues }) => canonicalJson([unit, Object.fromEntries(format), continues])).join(" ");
  return show(a) === show(b);
};

/** `b` after `a`, both made on one document. */
export function naiveTransform(
  a: Operation,
  b: Operation,
  order: "before" | "after",
  identical: "merge" | "keep" = "merge",
  types: EmbedTypes = new Map(),
): Operation {
  const length = spanOf(a, b);
  const first = planOf(a, length);
  const second = planOf(b, length);
  const parts: Component[] = [];
  for (let index = 0; index <= length; index += 1) {
    const theirs = first.gaps[index] ?? [];
    const mine = second.gaps[index] ?? [];
    const skip = theirs.map((): Component => ({ retain: 1 }));
    if (identical === "merge" && mine.length > 0 && same(theirs, mine)) parts.push(...skip);
    else if (firstOf(theirs, mine, order) === "theirs") parts.push(...skip, ...beaten(theirs, mine).map(insertOf));
    else parts.push(...mine.map(insertOf), ...skip);
    parts.push(...fateAfter(first.fates[index], second.fates[index], order, identical, types));
  }
  return normalise(parts);
}

/** Of two runs that both go on at one place, the one that goes right continues nothing any more. */
function beaten(theirs: readonly Character[], mine: readonly Character[]): readonly Character[] {
  if (!theirs[0]?.continues || !mine[0]?.continues) return mine;
  return mine.map((character) => ({ ...character, continues: false }));
}

function firstOf(theirs: readonly Character[], mine: readonly Character[], order: string): "theirs" | "mine" {
  if (theirs.length === 0 || mine.length === 0) return "theirs";
  const [their, my] = [theirs[0]?.continues, mine[0]?.continues];
  if (their && !my) return "theirs";
  if (my && !their) return "mine";
  return order === "before" ? "theirs" : "mine";
}

type Fate = Kept | null | undefined;

function fateAfter(
  theirs: Fate,
  mine: Fate,
  order: "before" | "after",
  identical: "merge" | "keep",
  types: EmbedTypes,
): Component[] {
  if (theirs === null || theirs === undefined || mine === undefined) return [];
  if (mine === null) return [{ delete: 1 }];
  const late = order === "after";
  const { change } = theirs;
  const known = change !== undefined && types.has(Object.keys(change)[0] ?? "");
  const moved = known
    ? mine.change && handled(mine.change, types, (type, value) => type.transform(only(change), value, order, identical))
    : late && change !== undefined
      ? undefined
      : mine.change;
  return [
    retainOf({
      format: late ? without(mine.format, (key) => theirs.format.has(key)) : mine.format,
      change: moved,
      skipped: late && theirs.skipped !== undefined ? undefined : mine.skipped,
    }),
  ];
}
