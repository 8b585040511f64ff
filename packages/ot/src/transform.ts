import { Assembler } from "./assembler.js";
import { equalJson, transformAttributes } from "./attributes.js";
import { type EmbedTypes, NO_EMBED_TYPES, transformChange } from "./embed-types.js";
import { normalForm } from "./normal-form.js";
import { componentLength, type Insert, type Operation, type Retain, retainOf } from "./operation.js";
import type { IdenticalInserts, Order, TransformOptions } from "./order.js";
import { CHANGE, DELETE, END, INSERT, RETAIN, Walker } from "./walker.js";

export type { IdenticalInserts, Order, TransformOptions } from "./order.js";

/**
 * `b` as it must be applied after `a`, when both were made on the same document (Ellis & Gibbs 1989; E2–E5).
 *
 * TP1 with order: `compose(a, transform(a, b, "before"))` and `compose(b, transform(b, a, "after"))` have the same effect;
 * they are equal lists but for the bits that rule 3 takes away.
 *
 * Ties, when both insert at one place, are decided once for the whole block of inserts, by its first one:
 *  1. equal blocks become one (unless `identical` is "keep");
 *  2. a block that continues its author's own run goes left of one that doesn't, so that words never interleave (E4);
 *  3. otherwise the operation committed first goes left. Where both continue, the other one continues nothing any more:
 *     what its author's run went on from is on the far side of somebody else's. So the run that won goes on unbroken.
 * Rules 1 and 2 don't look at the order and rule 3 looks at it from both sides alike: that is why TP1 holds.
 *
 * An insert survives inside a region that the other deletes; of two values for one attribute the later commit wins.
 * Linear in the number of components of both. It does not distribute over `compose` (a delete between two inserts hides
 * their tie), so everybody who transforms over a piece of history must cut it at the same versions.
 *
 * @param order where `a` stands in the history, seen from `b`
 * @param options the settings of the document: the same for everybody who transforms over it
 * @throws OperationError `malformed` for what is no list of components
 */
export function transform(
  a: Operation,
  b: Operation,
  order: Order,
  options: IdenticalInserts | TransformOptions = "merge",
): Operation {
  const settings = typeof options === "string" ? { identical: options } : options;
  const { identical = "merge", embeds = NO_EMBED_TYPES } = settings;
  const left = new Walker(normalForm(a));
  const right = new Walker(normalForm(b));
  const out = new Assembler();
  while (right.kind !== END) {
    if (left.kind === INSERT && right.kind === INSERT) {
      transformBlocks(left.takeInserts(), right.takeInserts(), order, identical, out);
    } else if (left.kind === INSERT) {
      out.retain(left.left);
      left.next();
    } else if (right.kind === INSERT) {
      out.insert(right.part as Insert);
      right.next();
    } else {
      const length = left.left < right.left ? left.left : right.left;
      transformUnits(left, right, length, order, identical, embeds, out);
      left.advance(length);
      right.advance(length);
    }
  }
  return out.build();
}

/** Both operations retain or delete exactly the next `length` units of the common document. */
function transformUnits(
  a: Walker,
  b: Walker,
  length: number,
  order: Order,
  identical: IdenticalInserts,
  embeds: EmbedTypes,
  out: Assembler,
): void {
  if (a.kind === DELETE) return;
  if (b.kind === DELETE) out.delete(length);
  else if (b.kind === RETAIN) out.retain(length);
  else if (a.kind === CHANGE)
    out.push(transformChanges(a.cut(length) as Retain, b.cut(length) as Retain, order, identical, embeds));
  else out.push(b.cut(length));
}

function transformBlocks(
  a: readonly Insert[],
  b: readonly Insert[],
  order: Order,
  identical: IdenticalInserts,
  out: Assembler,
): void {
  const lengthA = a.reduce((sum, part) => sum + componentLength(part), 0);
  const same = identical === "merge" && equalBlocks(a, b);
  const left = goesLeft(a, b, order);
  if (same || left) out.retain(lengthA);
  if (same) return;
  const loses = left && continues(b) && continues(a);
  for (const part of b) out.insert(loses ? withoutBit(part) : part);
  if (!left) out.retain(lengthA);
}

function goesLeft(a: readonly Insert[], b: readonly Insert[], order: Order): boolean {
  return continues(a) === continues(b) ? order === "before" : continues(a);
}

const continues = (block: readonly Insert[]): boolean => block[0]?.continues === true;

function withoutBit(part: Insert): Insert {
  const { continues: _lost, ...rest } = part;
  return rest;
}

function equalBlocks(a: readonly Insert[], b: readonly Insert[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((part, index) => {
    const other = b[index];
    return (
      other !== undefined &&
      part.continues === other.continues &&
      equalJson(part.insert, other.insert) &&
      equalJson(part.attributes, other.attributes)
    );
  });
}

/** Both change the same units. */
function transformChanges(a: Retain, b: Retain, order: Order, identical: IdenticalInserts, embeds: EmbedTypes): Retain {
  return retainOf(
    b.retain,
    transformAttributes(a.attributes, b.attributes, order === "after"),
    transformChange(a.change, b.change, order, identical, embeds),
    order === "after" && a.skipped !== undefined ? undefined : b.skipped,
  );
}
