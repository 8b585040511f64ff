import { compose, type Operation, OperationBuilder } from "@tutti/ot";
import type { Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import type { StepMap } from "prosemirror-transform";
import { blockStart, type ChangedBlocks, changedBlocks } from "./changed-blocks.js";
import { attributeChange, Content, runsOf } from "./content.js";
import { isPlain, pushBlock } from "./delta.js";
import { blockAt, unitAt } from "./positions.js";

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
 */
export function deltaFromStep(before: Node, after: Node, map: StepMap): Operation {
  if (before === after) return [];
  const replaced = rangesOf(before, after, map);
  const blocks = spanning(before, after, replaced);
  const start = blockStart(before, blocks.first);
  const old = contentOf(before, blocks.first, blocks.endBefore);
  const now = contentOf(after, blocks.first, blocks.endAfter);
  const ranges = fittingRanges(
    replaced.map((range) => clampRange(shiftRange(range, -start), old, now)),
    old,
    now,
  );
  const out = new OperationBuilder().retain(start);
  let last: Range = { oldFrom: 0, oldTo: 0, newFrom: 0, newTo: 0 };
  for (const range of ranges.map((wide) => widenToPairs(trim(wide, old, now), old))) {
    format(out, old.slice(last.oldTo, range.oldFrom), now.slice(last.newTo, range.newFrom));
    for (const part of now.slice(range.newFrom, range.newTo)) out.push(part);
    out.delete(range.oldTo - range.oldFrom);
    last = range;
  }
  format(out, old.slice(last.oldTo, old.length), now.slice(last.newTo, now.length));
  return out.build();
}

function rangesOf(before: Node, after: Node, map: StepMap): readonly Range[] {
  const ranges: Range[] = [];
  map.forEach((oldStart, oldEnd, newStart, newEnd) => {
    ranges.push({
      oldFrom: unitAt(before, oldStart),
      oldTo: unitAt(before, oldEnd),
      newFrom: unitAt(after, newStart),
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

/** Blocks [first, end) as they stand in the Delta: a last block that is plain has no "\n". */
function contentOf(document: Node, first: number, end: number): Content {
  const out = new OperationBuilder();
  for (let index = first; index < end; index += 1) {
    const block = document.child(index);
    pushBlock(out, block, index < document.childCount - 1 || !isPlain(block));
  }
  return new Content(out.build());
}

const shiftRange = (range: Range, by: number): Range => ({
  oldFrom: range.oldFrom + by,
  oldTo: range.oldTo + by,
  newFrom: range.newFrom + by,
  newTo: range.newTo + by,
});

const clampRange = (range: Range, old: Content, now: Content): Range => ({
  oldFrom: Math.min(range.oldFrom, old.length),
  oldTo: Math.min(range.oldTo, old.length),
  newFrom: Math.min(range.newFrom, now.length),
  newTo: Math.min(range.newTo, now.length),
});

/**
 * The ranges of the step, if all between them is the same on both sides. The "\n" of a last block comes and goes with
 * its attributes, without any trace in a map: then it is one more range. Failing all that, everything is replaced.
 */
function fittingRanges(ranges: readonly Range[], old: Content, now: Content): readonly Range[] {
  const behindText: Range = {
    oldFrom: old.length - (old.text.endsWith("\n") ? 1 : 0),
    oldTo: old.length,
    newFrom: now.length - (now.text.endsWith("\n") ? 1 : 0),
    newTo: now.length,
  };
  const withNewline = [...ranges, behindText];
  if (fits(ranges, old, now)) return ranges;
  return fits(withNewline, old, now) ? withNewline : [{ oldFrom: 0, oldTo: old.length, newFrom: 0, newTo: now.length }];
}

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
function widenToPairs(range: Range, old: Content): Range {
  const left = tears(old.text, range.oldFrom) ? 1 : 0;
  const right = tears(old.text, range.oldTo) ? 1 : 0;
  return {
    oldFrom: range.oldFrom - left,
    oldTo: range.oldTo + right,
    newFrom: range.newFrom - left,
    newTo: range.newTo + right,
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
