import { toggleMark } from "prosemirror-commands";
import type { Mark, ResolvedPos } from "prosemirror-model";
import type { Command, EditorState } from "prosemirror-state";
import { safeHref } from "./link.js";
import { SWITCH_MARKS, type SwitchMark } from "./marks.js";
import { tuttiSchema } from "./schema.js";
import { separateUndo } from "./undo-step.js";

/** Bold, italic … on or off: on the selection, or for what is typed next. */
export function toggleFormat(name: SwitchMark): Command {
  const toggle = toggleMark(tuttiSchema.marks[name], null, { removeWhenPresent: false });
  return (state, dispatch, view) => toggle(state, dispatch && ((tr) => dispatch(separateUndo(tr))), view);
}

/**
 * Links the selection, or the link at the caret, to `href`. Does not apply when the address is not safe (`safeHref`),
 * or when nothing is selected and there is no link.
 */
export function setLink(href: string): Command {
  return (state, dispatch) => {
    const safe = safeHref(href);
    const range = linkRange(state);
    if (safe === undefined || range === undefined) return false;
    dispatch?.(separateUndo(state.tr.addMark(range.from, range.to, tuttiSchema.marks.link.create({ href: safe }))));
    return true;
  };
}

/** Removes the links in the selection, or the link at the caret. */
export function removeLink(): Command {
  return (state, dispatch) => {
    const range = linkRange(state);
    if (range === undefined || !state.doc.rangeHasMark(range.from, range.to, tuttiSchema.marks.link)) return false;
    dispatch?.(separateUndo(state.tr.removeMark(range.from, range.to, tuttiSchema.marks.link)));
    return true;
  };
}

/** Removes bold, italic … and links from the selection. What this client does not know stays. */
export function clearFormatting(): Command {
  return (state, dispatch) => {
    const { from, to, empty } = state.selection;
    if (empty) return false;
    const names = [...SWITCH_MARKS, "link"] as const;
    const tr = names.reduce((all, name) => all.removeMark(from, to, tuttiSchema.marks[name]), state.tr);
    dispatch?.(separateUndo(tr));
    return true;
  };
}

function linkRange(state: EditorState): { readonly from: number; readonly to: number } | undefined {
  const { from, to, empty, $from } = state.selection;
  if (!empty) return { from, to };
  const before = tuttiSchema.marks.link.isInSet($from.nodeBefore?.marks ?? []);
  const mark = before ?? tuttiSchema.marks.link.isInSet($from.nodeAfter?.marks ?? []);
  return mark === undefined ? undefined : extentOf($from, mark);
}

/** The run of neighbours that carry the same mark, around a position that touches it. */
function extentOf($at: ResolvedPos, mark: Mark): { readonly from: number; readonly to: number } {
  const block = $at.parent;
  let first = $at.index();
  if ($at.textOffset === 0 && first > 0 && mark.isInSet(block.child(first - 1).marks)) first -= 1;
  let end = first + 1;
  while (first > 0 && mark.isInSet(block.child(first - 1).marks)) first -= 1;
  while (end < block.childCount && mark.isInSet(block.child(end).marks)) end += 1;
  const sizeUpTo = (index: number): number =>
    block.children.slice(0, index).reduce((sum, child) => sum + child.nodeSize, 0);
  return { from: $at.start() + sizeUpTo(first), to: $at.start() + sizeUpTo(end) };
}
