/**
 * @tutti/binding-quill: Quill 2 on a Tutti document.
 *
 * Read `final-line` for the rule that relates the two texts, `shown` for what Quill is given, `from-editor` and
 * `to-editor` for the two directions, `binding` for what happens when. CAVEATS.md tells what to expect and what not.
 */
export { bindQuill, type QuillBinding, type QuillBindingOptions } from "./bind-quill.js";
