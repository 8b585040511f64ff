import { Mark, type Node } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { blockStart, changedBlocks } from "./changed-blocks.js";
import { isPlain } from "./delta.js";
import { consistentMarks } from "./marks.js";
import { tuttiSchema } from "./schema.js";

/**
 * Keeps what `documentFromDelta` relies on, whatever other code does to the document:
 *  1. the last block is plain: it has no "\n" that could carry attributes;
 *  2. no block holds a line break: each "\n" ends a block;
 *  3. no attribute is both a mark and a value in `unknown`.
 */
export function normaliser(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, oldState, newState) =>
      transactions.some((tr) => tr.docChanged) ? normalised(oldState.doc, newState) : null,
  });
}

interface Inline {
  readonly node: Node;
  readonly position: number;
}

function normalised(before: Node, state: EditorState): Transaction | null {
  const tr = state.tr;
  const changed = changedInline(before, state.doc);
  for (const inline of changed) dropReplacedValues(tr, inline);
  // From the end, so that the positions before stay right.
  for (const at of changed.flatMap(breaksIn).reverse()) tr.delete(at, at + 1).split(at);
  const last = tr.doc.lastChild;
  if (last === null || !isPlain(last)) tr.insert(tr.doc.content.size, tuttiSchema.nodes.block.create());
  return tr.docChanged ? tr.setStoredMarks(state.storedMarks) : null;
}

function changedInline(before: Node, after: Node): readonly Inline[] {
  const { first, endAfter } = changedBlocks(before, after);
  const found: Inline[] = [];
  let position = blockStart(after, first) + first;
  for (const block of after.children.slice(first, endAfter)) {
    const start = position + 1;
    block.forEach((node, offset) => {
      found.push({ node, position: start + offset });
    });
    position += block.nodeSize;
  }
  return found;
}

function dropReplacedValues(tr: Transaction, { node, position }: Inline): void {
  const unknown = tuttiSchema.marks.unknown.isInSet(node.marks);
  if (unknown === undefined) return;
  const marks = consistentMarks(node.marks);
  if (Mark.sameSet(marks, node.marks)) return;
  const end = position + node.nodeSize;
  tr.removeMark(position, end, unknown);
  const rest = tuttiSchema.marks.unknown.isInSet(marks);
  if (rest !== undefined) tr.addMark(position, end, rest);
}

function breaksIn({ node, position }: Inline): readonly number[] {
  if (node.type === tuttiSchema.nodes.lineBreak) return [position];
  return [...(node.text ?? "").matchAll(/\n/g)].map((match) => position + match.index);
}
