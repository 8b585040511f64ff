/**
 * @tutti/binding-codemirror: CodeMirror 6 on a Tutti document.
 *
 * Read `from-editor` and `to-editor` for the two directions, `binding` for what happens when. CAVEATS.md tells what to
 * expect and what not.
 */
export { type CollabOptions, redo, tuttiCollab, tuttiState, undo } from "./collab.js";
export { cursorStyles } from "./cursor-styles.js";
