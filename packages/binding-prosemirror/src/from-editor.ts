import { type Attributes, compose, type Operation, OperationBuilder } from "@tutti/ot";
import type { Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import type { StepMap } from "prosemirror-transform";
import { blockStart, type ChangedBlocks, changedBlocks } from "./changed-blocks.js";
import { attributeChange, Content, runsOf } from "./content.js";
import { isPlain, pushBlock } from "./delta.js";
import { blockAt, unitAt } from "./positions.js";
import { attributesOf } from "./schema.js";

/**
 * What a transaction does, as a Delta on the document before it.
 * Law: `deltaFromDocument(tr.before)` with it applied is `deltaFromDocument(tr.doc)`, for any transaction.
 */
export function deltaFromTransaction(tr: Transaction): Operation {
  return tr.steps.reduce<Operation>((all, step, index) => {
    const before = tr.docs[index] ?? tr.before;
    const after = tr.docs[index + 1] ?? tr.doc;
    return compose(all, deltaFromStep(before, after, step.getMap()));
  }, []);
}

/** Units [oldFrom, oldTo) became units [newFrom, newTo). */
interface Range {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/**
 * One step. Its map tells where content was replaced, so that a letter typed among equal letters is inserted exactly
 * where it was typed; formatting has no map and is found by comparing the changed blocks.
 *
 * Both documents are compared with a "\n" behind the last block, which is the last unit on both sides.
 */
export function deltaFromStep(before: Node, after: Node, map: StepMap): Operation {
  if (before === after) return [];
  const replaced = rangesOf(before, after, map);
  const blocks = spanning(before, after, replaced);
  const start = blockStart(before, blocks.first);
  const old = contentOf(before, blocks.first, blocks.endBefore);
  const now = contentOf(after, blocks.first, blocks.endAfter);
  const within = replaced.map((range) => clampRange(shiftRange(range, -start), old, now));
  const ranges = fits(within, old, now) ? within : [everything(old, now)];
  const out = new OperationBuilder().retain(start);
  let last: Range = { oldFrom: 0, oldTo: 0, newFrom: 0, newTo: 0 };
  for (const range of ranges.map((wide) => widenToPairs(trim(wide, old, now), old, now))) {
    format(out, old.slice(last.oldTo, range.oldFrom), now.slice(last.newTo, range.newFrom));
    for (const part of now.slice(range.newFrom, range.newTo)) out.push(part);
    out.delete(range.oldTo - range.oldFrom);
    last = range;
  }
  format(out, old.slice(last.oldTo, old.length - 1), now.slice(last.newTo, now.length - 1));
  pushLastNewline(out, before, after, blocks);
  return out.build();
}

function rangesOf(before: Node, after: Node, map: StepMap): readonly Range[] {
  const ranges: Range[] = [];
  map.forEach((oldStart, oldEnd, newStart, newEnd) => {
    const oldFrom = unitAt(before, oldStart);
    const newFrom = unitAt(after, newStart);
    const touching = ranges.at(-1)?.oldTo === oldFrom ? ranges.pop() : undefined;
    ranges.push({
      oldFrom: touching?.oldFrom ?? oldFrom,
      oldTo: unitAt(before, oldEnd),
      newFrom: touching?.newFrom ?? newFrom,
      newTo: unitAt(after, newEnd),
    });
  });
  return ranges;
}

/** The changed blocks, and those that the ranges lie in, and at least one of each document. */
function spanning(before: Node, after: Node, ranges: readonly Range[]): ChangedBlocks {
  const found = changedBlocks(before, after);
  const { oldFrom, newFrom } = ranges[0] ?? { oldFrom: Infinity, newFrom: Infinity };
  const { oldTo, newTo } = ranges.at(-1) ?? { oldTo: 0, newTo: 0 };
  const lastBlock = Math.min(before.childCount, after.childCount) - 1;
  const first = Math.min(found.first, blockAt(before, oldFrom).block, blockAt(after, newFrom).block, lastBlock);
  const behind = Math.min(
    before.childCount - Math.max(found.endBefore, blockAt(before, oldTo).block + 1, first + 1),
    after.childCount - Math.max(found.endAfter, blockAt(after, newTo).block + 1, first + 1),
  );
  return { first, endBefore: before.childCount - behind, endAfter: after.childCount - behind };
}

/** Blocks [first, end), each with its "\n"; the last block of the document too. */
function contentOf(document: Node, first: number, end: number): Content {
  const out = new OperationBuilder();
  for (let index = first; index < end; index += 1) pushBlock(out, document.child(index), true);
  return new Content(out.build());
}

const shiftRange = (range: Range, by: number): Range => ({
  oldFrom: range.oldFrom + by,
  oldTo: range.oldTo + by,
  newFrom: range.newFrom + by,
  newTo: range.newTo + by,
});

/** Leaves the last "\n" out: it is always kept, at most formatted. */
function clampRange(range: Range, old: Content, now: Content): Range {
  return {
    oldFrom: Math.min(range.oldFrom, old.length - 1),
    oldTo: Math.min(range.oldTo, old.length - 1),
    newFrom: Math.min(range.newFrom, now.length - 1),
    newTo: Math.min(range.newTo, now.length - 1),
  };
}

const everything = (old: Content, now: Content): Range => ({
  oldFrom: 0,
  oldTo: old.length - 1,
  newFrom: 0,
  newTo: now.length - 1,
});

/** Whether all that lies between the ranges is the same on both sides. */
function fits(ranges: readonly Range[], old: Content, now: Content): boolean {
  const end: Range = { oldFrom: old.length, oldTo: old.length, newFrom: now.length, newTo: now.length };
  let oldAt = 0;
  let newAt = 0;
  for (const range of [...ranges, end]) {
    if (range.oldFrom < oldAt || range.oldFrom - oldAt !== range.newFrom - newAt) return false;
    for (; oldAt < range.oldFrom; oldAt += 1, newAt += 1) {
      if (!old.sameUnit(oldAt, now, newAt)) return false;
    }
    oldAt = range.oldTo;
    newAt = range.newTo;
  }
  return true;
}

/** The range without what is the same at both of its ends. */
function trim(range: Range, old: Content, now: Content): Range {
  let { oldFrom, oldTo, newFrom, newTo } = range;
  while (oldFrom < oldTo && newFrom < newTo && old.sameUnit(oldFrom, now, newFrom)) {
    oldFrom += 1;
    newFrom += 1;
  }
  while (oldFrom < oldTo && newFrom < newTo && old.sameUnit(oldTo - 1, now, newTo - 1)) {
    oldTo -= 1;
    newTo -= 1;
  }
  return { oldFrom, oldTo, newFrom, newTo };
}

/** Takes in the other half where an end of the range would tear a surrogate pair apart (E1). */
function widenToPairs(range: Range, old: Content, now: Content): Range {
  const tornLeft = tears(old.text, range.oldFrom) || tears(now.text, range.newFrom) ? 1 : 0;
  const tornRight = tears(old.text, range.oldTo) || tears(now.text, range.newTo) ? 1 : 0;
  return {
    oldFrom: range.oldFrom - tornLeft,
    oldTo: range.oldTo + tornRight,
    newFrom: range.newFrom - tornLeft,
    newTo: range.newTo + tornRight,
  };
}

const tears = (text: string, index: number): boolean =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, index - 1), index + 1));

/** Retains content that is the same but for its formatting. */
function format(out: OperationBuilder, old: Operation, now: Operation): void {
  const after = [...runsOf(now)].map((run) => ({ ...run, length: lengthOf(run.content) }));
  let next = after.shift();
  for (const { content, attributes } of runsOf(old)) {
    let left = lengthOf(content);
    while (left > 0 && next !== undefined) {
      const length = Math.min(left, next.length);
      out.retain(length, attributeChange(attributes, next.attributes));
      left -= length;
      next = length === next.length ? after.shift() : { ...next, length: next.length - length };
    }
  }
}

const lengthOf = (content: string | object): number => (typeof content === "string" ? content.length : 1);

/** The "\n" of the last changed block. Behind the last block of a document it exists only when that is not plain. */
function pushLastNewline(out: OperationBuilder, before: Node, after: Node, blocks: ChangedBlocks): void {
  const old = before.child(blocks.endBefore - 1);
  const now = after.child(blocks.endAfter - 1);
  const isLast = blocks.endBefore === before.childCount;
  const was = !isLast || !isPlain(old);
  const is = !isLast || !isPlain(now);
  if (was && is) out.retain(1, attributeChange(newlineAttributes(old), newlineAttributes(now)));
  else if (was) out.delete(1);
  else if (is) out.insert("\n", newlineAttributes(now));
}

const newlineAttributes = (block: Node): Attributes | undefined => (isPlain(block) ? undefined : attributesOf(block));
