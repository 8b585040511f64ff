import { changedSpan, type Span } from "@tutti/binding";
import {
  type Bias,
  componentLength,
  compose,
  type Operation,
  OperationBuilder,
  type Selection as OwnSelection,
  transformPosition,
} from "@tutti/ot";
import type { Node } from "prosemirror-model";
import {
  AllSelection,
  type EditorState,
  NodeSelection,
  type Selection,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import { blockStart, changedBlocks } from "./changed-blocks.js";
import { blocksFromDelta, documentFromDelta, pushBlock } from "./delta.js";
import { blockAt, indexOf, positionOf, textLength } from "./positions.js";
import { attributesOf } from "./schema.js";

/**
 * A Delta on the document of `state` as one transaction: at most one replace step, over the affected blocks only, or
 * over the affected text only where one block changes inside. Every step is schema-valid. The selection follows the
 * text: a caret stays in front of text inserted exactly there, a selected range does not grow at its ends.
 *
 * @throws OperationError when the Delta does not fit the document
 */
export function transactionFromDelta(state: EditorState, delta: Operation): Transaction {
  const tr = state.tr;
  const span = changedSpan(delta);
  if (span === undefined) return tr;
  const first = blockAt(state.doc, span.from).block;
  const last = blockAt(state.doc, span.to).block;
  const isOpen = last === state.doc.childCount - 1;
  const old = new OperationBuilder();
  for (let index = first; index <= last; index += 1) pushBlock(old, state.doc.child(index), !isOpen || index < last);
  const changed = compose(old.build(), withoutStart(delta, blockStart(state.doc, first)));
  replaceBlocks(tr, first, last + 1, blocksFromDelta(changed, isOpen), span);
  return followText(tr, state, delta);
}

/** Makes the document of `state` that of `content` (inserts), by replacing the blocks that differ. */
export function transactionToContent(state: EditorState, content: Operation): Transaction {
  const wanted = documentFromDelta(content);
  const blocks = changedBlocks(state.doc, wanted, (a, b) => a.eq(b));
  const replacement = wanted.children.slice(blocks.first, blocks.endAfter);
  const tr = state.tr;
  replaceBlocks(tr, blocks.first, blocks.endBefore, replacement, { from: 0, to: textLength(state.doc) });
  return tr.setStoredMarks(state.storedMarks);
}

/** The operation on the text behind `start`, before which it must not change anything. */
function withoutStart(delta: Operation, start: number): Operation {
  const [head, ...rest] = delta;
  if (start === 0 || head === undefined) return delta;
  const left = componentLength(head) - start;
  return left === 0 ? rest : [{ retain: left }, ...rest];
}

/**
 * Replaces blocks [first, end), but for those at both ends that stay equal.
 * @param span outside of it the text stays as it is
 */
function replaceBlocks(tr: Transaction, first: number, end: number, blocks: readonly Node[], span: Span): void {
  const old = tr.doc.children.slice(first, end);
  const shorter = Math.min(old.length, blocks.length);
  let head = 0;
  while (head < shorter && equalAt(old, blocks, head)) head += 1;
  let tail = 0;
  while (tail < shorter - head && equalAt(old, blocks, -1 - tail)) tail += 1;
  const removed = old.slice(head, old.length - tail);
  const added = blocks.slice(head, blocks.length - tail);
  const from = blockStart(tr.doc, first + head) + first + head;
  const [was, now] = [removed[0], added[0]];
  if (was !== undefined && now !== undefined && removed.length + added.length === 2 && sameShell(was, now)) {
    replaceInside(tr, first + head, now, span);
  } else if (removed.length + added.length > 0) {
    tr.replaceWith(from, from + removed.reduce((size, block) => size + block.nodeSize, 0), added);
  }
}

/** One block changes its text only: just that is replaced, so that decorations and marks of others stay in place. */
function replaceInside(tr: Transaction, block: number, now: Node, span: Span): void {
  const start = blockStart(tr.doc, block);
  const size = tr.doc.child(block).content.size;
  const keptBefore = Math.max(0, span.from - start);
  const keptBehind = Math.max(0, start + size - span.to);
  const inside = start + block + 1;
  const added = now.content.cut(keptBefore, now.content.size - keptBehind);
  tr.replaceWith(inside + keptBefore, inside + size - keptBehind, added);
}

const equalAt = (a: readonly Node[], b: readonly Node[], index: number): boolean => {
  const [left, right] = [a.at(index), b.at(index)];
  return left !== undefined && right !== undefined && left.eq(right);
};

const sameShell = (a: Node, b: Node): boolean => a.hasMarkup(b.type, { attributes: attributesOf(b) });

function followText(tr: Transaction, state: EditorState, delta: Operation): Transaction {
  if (!tr.docChanged) return tr;
  const { selection, doc } = state;
  const moved = (position: number, bias: Bias): number =>
    positionOf(tr.doc, transformPosition(delta, indexOf(doc, position), bias));
  tr.setSelection(movedSelection(selection, tr.doc, moved));
  // A step drops what Mod-b promised for the next letter; somebody else's edit must not.
  return tr.setStoredMarks(state.storedMarks);
}

function movedSelection(
  selection: Selection,
  document: Node,
  moved: (position: number, bias: Bias) => number,
): Selection {
  if (selection instanceof AllSelection) return new AllSelection(document);
  if (selection instanceof NodeSelection) {
    const position = moved(selection.from, "right");
    const node = document.nodeAt(position);
    if (node?.eq(selection.node) === true) return NodeSelection.create(document, position);
    return TextSelection.create(document, position);
  }
  const { anchor, head, empty } = selection;
  if (empty) return TextSelection.create(document, moved(head, "left"));
  const forward = anchor < head;
  return TextSelection.create(
    document,
    moved(anchor, forward ? "right" : "left"),
    moved(head, forward ? "left" : "right"),
  );
}

/** A selection between two indices of the text; what lies behind its end counts as its end. */
export function selectionAt(document: Node, { anchor, head }: OwnSelection): Selection {
  return TextSelection.create(document, positionOf(document, anchor), positionOf(document, head));
}
