import {
  type Component,
  componentLength,
  compose,
  isDelete,
  isInsert,
  lengthDifference,
  type Operation,
  OperationBuilder,
  transform,
} from "@tutti/ot";
import { changedSpan, type Span } from "./changed-span.js";

/**
 * While an input method composes, its line must not be redrawn: changes of others to that line are held back, all
 * others show at once. `held` is what the editor does not show yet:
 *
 *     what the editor shows  --held-->  the document
 */

/** A stretch [from, to] of the text that the editor shows, UTF-16 units. Inserts at a closed end belong to it. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly closedStart: boolean;
  readonly closedEnd: boolean;
}

/** A stretch of the text with a line under composition; where the text starts or ends, nothing lies beyond. */
export interface Line extends Span {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * What must stay untouched so that a line is not redrawn: its text, the "\n" before it (deleting it would merge the
 * line away), its own "\n" (formatting it would redraw the line), and what `held` touches already.
 *
 * @param line the text of the line, without the "\n" at both ends
 */
export function regionOf(line: Line, held: Operation): Region {
  const from = line.isFirst ? line.from : line.from - 1;
  const to = line.isLast ? line.to : line.to + 1;
  const span = changedSpan(held) ?? { from, to };
  return {
    from: Math.min(from, span.from),
    to: Math.max(to, span.to),
    closedStart: line.isFirst || span.from < from,
    closedEnd: line.isLast || span.to > to,
  };
}

/**
 * Splits somebody else's change into what can be shown now and what is held.
 *
 * Law: `compose(show, held')` has the effect of `compose(held, remote)`; `show` changes nothing inside the region.
 *
 * @param remote is made on the document, that is, after `held`
 */
export function holdBack(
  held: Operation,
  remote: Operation,
  region: Region,
): { readonly show: Operation; readonly held: Operation } {
  const visible = region.to - region.from;
  const { outside, inside } = partition(remote, region, visible + lengthDifference(held), visible);
  return { show: outside, held: compose(transform(outside, held, "before", "keep"), inside) };
}

/**
 * A local edit, made on what the editor shows, as an edit of the document; and what is held, moved over it. Mine goes
 * left of what was inserted at the same place, as it would if that had been shown.
 */
export function editUnderHold(
  held: Operation,
  local: Operation,
): { readonly edit: Operation; readonly held: Operation } {
  return {
    edit: transform(held, local, "after", "keep"),
    held: transform(local, held, "before", "keep"),
  };
}

/**
 * @param covered length of the region in the document, where `remote` is made
 * @param visible length of the region in the editor
 */
function partition(remote: Operation, region: Region, covered: number, visible: number) {
  const outside = new OperationBuilder();
  const inside = new OperationBuilder();
  const end = region.from + covered;
  let passedRegion = false;
  const passRegion = (): void => {
    if (!passedRegion) outside.retain(visible);
    passedRegion = true;
  };
  let index = 0;
  for (const part of remote) {
    if (isInsert(part)) {
      if (isWithin(index, region, end)) {
        inside.push(part);
        continue;
      }
      if (index >= end && (index > region.from || passedRegion)) passRegion();
      outside.push(part);
      if (!passedRegion) inside.retain(componentLength(part));
      continue;
    }
    for (const [piece, zone] of cutAt(part, index, region.from, end)) {
      if (zone === "inside") {
        inside.push(piece);
        continue;
      }
      if (zone === "after") passRegion();
      outside.push(piece);
      if (zone === "before" && !isDelete(piece)) inside.retain(componentLength(piece));
    }
    index += componentLength(part);
  }
  return { outside: outside.build(), inside: inside.build() };
}

function isWithin(index: number, region: Region, end: number): boolean {
  if (index === region.from && region.closedStart) return true;
  if (index === end && region.closedEnd) return true;
  return index > region.from && index < end;
}

type Zone = "before" | "inside" | "after";

/** A retain or delete that starts at `index`, cut where the region starts and ends. */
function cutAt(part: Component, index: number, from: number, end: number): readonly (readonly [Component, Zone])[] {
  const stop = index + componentLength(part);
  const zones: readonly (readonly [Zone, number, number])[] = [
    ["before", index, Math.min(stop, from)],
    ["inside", Math.max(index, from), Math.min(stop, end)],
    ["after", Math.max(index, end), stop],
  ];
  return zones
    .filter(([, left, right]) => left < right)
    .map(([zone, left, right]) => [withLength(part, right - left), zone] as const);
}

function withLength(part: Component, length: number): Component {
  return isDelete(part) ? { delete: length } : { ...part, retain: length };
}
