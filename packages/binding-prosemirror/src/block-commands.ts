import type { Attributes } from "@tutti/ot";
import type { Node } from "prosemirror-model";
import type { Command, EditorState, Transaction } from "prosemirror-state";
import {
  blockIndent,
  blockShape,
  changeAttributes,
  type HeadingLevel,
  type ListKind,
  MAX_INDENT,
  withoutShape,
} from "./block.js";
import { attributesOf } from "./schema.js";
import { separateUndo } from "./undo-step.js";

/**
 * Makes the selected blocks what `shape` says (Quill's names: `{ header: 2 }`, `{ list: "bullet" }` …), and nothing
 * else; `{}` makes paragraphs. Attributes that do not decide the shape stay.
 */
export function setBlock(shape: Attributes): Command {
  return changeBlocks((attributes) => changeAttributes(withoutShape(attributes), shape));
}

/** null makes paragraphs. */
export function setHeading(level: HeadingLevel | null): Command {
  return setBlock(level === null ? {} : { header: level });
}

/** Makes list items, or paragraphs when all selected blocks are such items already. "checked" and "unchecked" are one. */
export function toggleList(list: ListKind): Command {
  const family = (kind: ListKind): ListKind => (kind === "checked" ? "unchecked" : kind);
  return toggleShape({ list }, (attributes) => {
    const shape = blockShape(attributes);
    return shape.kind === "list" && family(shape.list) === family(list);
  });
}

export function toggleQuote(): Command {
  return toggleShape({ blockquote: true }, (attributes) => blockShape(attributes).kind === "quote");
}

export function toggleCodeBlock(): Command {
  return toggleShape({ "code-block": true }, (attributes) => blockShape(attributes).kind === "code");
}

/** Ticks or unticks the selected items of check lists; does not apply elsewhere. */
export function toggleCheck(): Command {
  return changeBlocks((attributes) => flipCheck(attributes));
}

/** The attributes with the tick flipped; as they are for anything but an item of a check list. */
export function flipCheck(attributes: Attributes): Attributes {
  if (attributes["list"] === "checked") return changeAttributes(attributes, { list: "unchecked" });
  return attributes["list"] === "unchecked" ? changeAttributes(attributes, { list: "checked" }) : attributes;
}

/** Moves the selected blocks in (`1`) or out (`-1`) by one step; does not apply where that is impossible. */
export function indentBlocks(by: 1 | -1): Command {
  return changeBlocks((attributes) => {
    const indent = Math.max(0, Math.min(MAX_INDENT, blockIndent(attributes) + by));
    if (indent === blockIndent(attributes)) return attributes;
    return changeAttributes(attributes, { indent: indent === 0 ? null : indent });
  });
}

/** Sets the attributes of the block at `position` (in front of the block). */
export function setAttributes(tr: Transaction, position: number, attributes: Attributes): Transaction {
  return tr.setNodeAttribute(position, "attributes", attributes);
}

function toggleShape(shape: Attributes, isOn: (attributes: Attributes) => boolean): Command {
  return (state, dispatch) => {
    const on = selectedBlocks(state).every(({ block }) => isOn(attributesOf(block)));
    return setBlock(on ? {} : shape)(state, dispatch);
  };
}

function changeBlocks(change: (attributes: Attributes) => Attributes): Command {
  return (state, dispatch) => {
    const changes = selectedBlocks(state)
      .map(({ block, position }) => ({ position, old: attributesOf(block), now: change(attributesOf(block)) }))
      .filter(({ old, now }) => JSON.stringify(old) !== JSON.stringify(now));
    if (changes.length === 0) return false;
    if (dispatch !== undefined) {
      const tr = changes.reduce((all, { position, now }) => setAttributes(all, position, now), state.tr);
      dispatch(separateUndo(tr.setStoredMarks(state.storedMarks)).scrollIntoView());
    }
    return true;
  };
}

function selectedBlocks(state: EditorState): readonly { readonly block: Node; readonly position: number }[] {
  const blocks: { block: Node; position: number }[] = [];
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (block, position) => {
    if (block.isTextblock) blocks.push({ block, position });
    return false;
  });
  return blocks;
}
