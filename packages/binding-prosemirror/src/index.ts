/**
 * @tutti/binding-prosemirror: ProseMirror on a Tutti document.
 *
 * Read `schema` and `delta` for the rule that relates the two documents, `from-editor` and `to-editor` for the two
 * directions, `binding` for what happens when. CAVEATS.md tells what to expect and what not.
 */
export {
  type BlockShape,
  blockIndent,
  blockShape,
  type HeadingLevel,
  type ListKind,
} from "./block.js";
export {
  indentBlocks,
  setBlock,
  setHeading,
  toggleCheck,
  toggleCodeBlock,
  toggleList,
  toggleQuote,
} from "./block-commands.js";
export { type CollabOptions, redo, tuttiCollab, tuttiState, undo } from "./collab.js";
export { deltaFromDocument, documentFromDelta } from "./delta.js";
export { tuttiEditing } from "./editing.js";
export { insertDivider, insertImage } from "./embed-commands.js";
export { type ActiveFormats, activeFormats } from "./formats.js";
export { safeHref, safeImageSource } from "./link.js";
export { clearFormatting, removeLink, setLink, toggleFormat } from "./mark-commands.js";
export type { SwitchMark } from "./marks.js";
export { indexOf, positionOf } from "./positions.js";
export { attributesOf, tuttiSchema } from "./schema.js";
