import { Fragment, Slice } from "prosemirror-model";
import { type Command, type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { blockShape, withoutShape } from "./block.js";
import { DIVIDER } from "./embed.js";
import { safeImageSource } from "./link.js";
import { attributesOf, tuttiSchema } from "./schema.js";
import { separateUndo } from "./undo-step.js";

/**
 * Puts an image where the selection is. Does not apply in code, nor for an address that may not be loaded
 * (`safeImageSource`).
 * @param description what a person hears who does not see it; "" for mere decoration
 */
export function insertImage(address: string, description = ""): Command {
  return (state, dispatch) => {
    const source = safeImageSource(address);
    if (source === undefined || isInCode(state)) return false;
    const formats = description === "" ? {} : { formats: { alt: description } };
    const image = tuttiSchema.nodes.embed.create({ embed: { image: source }, ...formats });
    dispatch?.(separateUndo(state.tr.replaceSelectionWith(image, false)).scrollIntoView());
    return true;
  };
}

/** Puts a line across the page, in a block of its own, and the caret behind it. Does not apply in code. */
export function insertDivider(): Command {
  return (state, dispatch) => {
    if (isInCode(state)) return false;
    dispatch?.(separateUndo(putDivider(state.tr.deleteSelection())).scrollIntoView());
    return true;
  };
}

/** The block at the caret is cut in two, with the divider between; an empty first half is left out. */
export function putDivider(tr: Transaction): Transaction {
  const { $from } = tr.selection;
  const attributes = attributesOf($from.parent);
  const block = tuttiSchema.nodes.block;
  const divider = block.create(null, tuttiSchema.nodes.embed.create({ embed: DIVIDER }));
  const isAtEnd = $from.parentOffset === $from.parent.content.size;
  const behind = block.create({ attributes: isAtEnd ? withoutShape(attributes) : attributes });
  if ($from.parentOffset > 0) {
    const halves = [block.create({ attributes }), divider, behind];
    tr.replace($from.pos, $from.pos, new Slice(Fragment.from(halves), 1, 1));
  } else if (isAtEnd) {
    tr.replaceWith($from.before(), $from.after(), [divider, behind]);
  } else {
    tr.insert($from.before(), divider);
  }
  const after = tr.mapping.slice(tr.steps.length - 1).map($from.pos, 1);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(after), 1));
}

const isInCode = ({ selection }: EditorState): boolean =>
  selection.$from.parent.isTextblock && blockShape(attributesOf(selection.$from.parent)).kind === "code";
