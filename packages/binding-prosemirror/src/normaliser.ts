import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { blockStart, changedBlocks } from "./changed-blocks.js";
import { isPlain } from "./delta.js";
import { tuttiSchema } from "./schema.js";

/**
 * Keeps what `documentFromDelta` relies on, whatever other code does to the document: the last block is plain (it has
 * no "\n" that could carry attributes), and no block holds a line break (each "\n" ends a block).
 */
export function normaliser(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, oldState, newState) =>
      transactions.some((tr) => tr.docChanged) ? normalised(oldState.doc, newState) : null,
  });
}

function normalised(before: Node, state: EditorState): Transaction | null {
  const tr = state.tr;
  splitLines(tr, before);
  const last = tr.doc.lastChild;
  if (last === null || !isPlain(last)) tr.insert(tr.doc.content.size, tuttiSchema.nodes.block.create());
  return tr.docChanged ? tr.setStoredMarks(state.storedMarks) : null;
}

function splitLines(tr: Transaction, before: Node): void {
  const { first, endAfter } = changedBlocks(before, tr.doc);
  const breaks: number[] = [];
  let position = blockStart(tr.doc, first) + first;
  for (const block of tr.doc.children.slice(first, endAfter)) {
    const start = position + 1;
    block.forEach((child, offset) => {
      breaks.push(...breaksIn(child).map((at) => start + offset + at));
    });
    position += block.nodeSize;
  }
  // From the end, so that the positions before stay right.
  for (const at of breaks.reverse()) tr.delete(at, at + 1).split(at);
}

function breaksIn(inline: Node): readonly number[] {
  if (inline.type === tuttiSchema.nodes.lineBreak) return [0];
  return [...(inline.text ?? "").matchAll(/\n/g)].map((match) => match.index);
}
