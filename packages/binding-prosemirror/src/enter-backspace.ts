import type { Attributes } from "@tutti/ot";
import type { Node, ResolvedPos } from "prosemirror-model";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import { blockIndent, blockShape, changeAttributes, withoutShape } from "./block.js";
import { setAttributes } from "./block-commands.js";
import { attributesOf, tuttiSchema } from "./schema.js";

/** Enter in an empty list item, quote or last line of code: one step out instead of one more of the same. */
export const leaveEmptyBlock: Command = (state, dispatch) => {
  const $caret = caretOf(state);
  if ($caret === undefined || $caret.parent.content.size > 0) return false;
  const attributes = attributesOf($caret.parent);
  const { kind } = blockShape(attributes);
  const leaves = kind === "list" || kind === "quote" || (kind === "code" && isLastLineOfCode($caret));
  if (!leaves) return false;
  dispatch?.(setAttributes(state.tr, $caret.before(), stepOut(attributes)).scrollIntoView());
  return true;
};

/** Enter: splits the block. A heading goes on with a paragraph behind it, a ticked item with an item not ticked. */
export const splitBlock: Command = (state, dispatch) => {
  if (!(state.selection instanceof TextSelection)) return false;
  if (dispatch === undefined) return true;
  const tr = state.tr.deleteSelection();
  const $at = tr.selection.$from;
  const attributes = attributesOf($at.parent);
  const behind = attributesBehind(attributes, $at);
  const isHeadingStart = blockShape(attributes).kind === "heading" && $at.parentOffset === 0 && behind === attributes;
  tr.split($at.pos, 1, [{ type: tuttiSchema.nodes.block, attrs: { attributes: behind } }]);
  if (isHeadingStart) setAttributes(tr, $at.before(), withoutShape(attributes));
  dispatch(tr.setStoredMarks(state.storedMarks ?? state.selection.$from.marks()).scrollIntoView());
  return true;
};

/** Backspace at the start of a block that is indented, or no paragraph: one step back to a plain paragraph. */
export const stepOutOfBlock: Command = (state, dispatch) => {
  const $caret = caretOf(state);
  if ($caret === undefined || $caret.parentOffset > 0) return false;
  const attributes = attributesOf($caret.parent);
  const { kind } = blockShape(attributes);
  if (kind === "paragraph" && blockIndent(attributes) === 0) return false;
  if (kind === "code" && isCode(neighbour($caret, -1))) return false;
  dispatch?.(setAttributes(state.tr, $caret.before(), stepOut(attributes)).scrollIntoView());
  return true;
};

/** Backspace at the start of a paragraph: joins it to the block before, whose shape it takes unless that is empty. */
export const joinBackward: Command = (state, dispatch) => {
  const $caret = caretOf(state);
  if ($caret === undefined || $caret.parentOffset > 0) return false;
  const before = neighbour($caret, -1);
  if (before === undefined) return false;
  const boundary = $caret.before();
  const isEmpty = before.content.size === 0;
  const tr = isEmpty ? state.tr.delete(boundary - before.nodeSize, boundary) : state.tr.join(boundary);
  dispatch?.(tr.scrollIntoView());
  return true;
};

function caretOf(state: EditorState): ResolvedPos | undefined {
  const { selection } = state;
  return selection instanceof TextSelection ? (selection.$cursor ?? undefined) : undefined;
}

function stepOut(attributes: Attributes): Attributes {
  const indent = blockIndent(attributes);
  if (indent > 0) return changeAttributes(attributes, { indent: indent === 1 ? null : indent - 1 });
  return withoutShape(attributes);
}

function attributesBehind(attributes: Attributes, $at: ResolvedPos): Attributes {
  const shape = blockShape(attributes);
  const atEnd = $at.parentOffset === $at.parent.content.size;
  if (shape.kind === "heading" && atEnd) return withoutShape(attributes);
  return attributes["list"] === "checked" ? changeAttributes(attributes, { list: "unchecked" }) : attributes;
}

const neighbour = ($at: ResolvedPos, by: 1 | -1): Node | undefined =>
  $at.doc.maybeChild($at.index(0) + by) ?? undefined;

const isCode = (block: Node | undefined): boolean =>
  block !== undefined && blockShape(attributesOf(block)).kind === "code";

const isLastLineOfCode = ($at: ResolvedPos): boolean => isCode(neighbour($at, -1)) && !isCode(neighbour($at, 1));
