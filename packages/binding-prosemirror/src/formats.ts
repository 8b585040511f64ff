import type { EditorState } from "prosemirror-state";
import { type BlockShape, blockIndent, blockShape } from "./block.js";
import type { SwitchMark } from "./marks.js";
import { SWITCH_MARKS } from "./marks.js";
import { attributesOf, tuttiSchema } from "./schema.js";

/** What a toolbar shows as pressed. */
export interface ActiveFormats {
  /** Marks of the whole selection, or of what would be typed next. */
  readonly marks: ReadonlySet<SwitchMark>;
  /** Address of the link at the selection; undefined when there is none. Not checked: see `safeHref`. */
  readonly link: string | undefined;
  /** Shape of the block where the selection starts. */
  readonly block: BlockShape;
  readonly indent: number;
}

/** The formats at the selection. */
export function activeFormats(state: EditorState): ActiveFormats {
  const block = state.selection.$from.parent;
  const attributes = block.isTextblock ? attributesOf(block) : {};
  return {
    marks: new Set(SWITCH_MARKS.filter((name) => isActive(state, name))),
    link: linkAt(state),
    block: blockShape(attributes),
    indent: blockIndent(attributes),
  };
}

function isActive(state: EditorState, name: SwitchMark): boolean {
  const type = tuttiSchema.marks[name];
  const { from, to, empty, $from } = state.selection;
  if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  let all = true;
  state.doc.nodesBetween(from, to, (node) => {
    if (node.isInline && type.isInSet(node.marks) === undefined) all = false;
  });
  return all;
}

function linkAt(state: EditorState): string | undefined {
  const { $from, empty } = state.selection;
  const inside = tuttiSchema.marks.link.isInSet((empty ? $from.nodeBefore : $from.nodeAfter)?.marks ?? []);
  const mark = inside ?? tuttiSchema.marks.link.isInSet($from.nodeAfter?.marks ?? []);
  return mark === undefined ? undefined : String(mark.attrs["href"]);
}
