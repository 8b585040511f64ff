import { EditorState, type Extension, Prec } from "@codemirror/state";
import { type Command, EditorView, keymap, ViewPlugin } from "@codemirror/view";
import { isWritable } from "@tutti/binding";
import type { DocumentHandle } from "@tutti/client";
import { Binding, bindingOf, type ReportError, readOnlyField, registerBinding } from "./binding.js";
import { cursorStyles } from "./cursor-styles.js";
import { remoteCursors } from "./cursors.js";

export interface CollabOptions {
  /**
   * Something typed could not become part of the document; the editor shows the document again.
   * `refused` is the edit as a Delta, so that the text in it can be offered to the person; empty when the document
   * could not be opened at all.
   */
  readonly onError?: ReportError;
}

/**
 * Collaboration, remote cursors and undo keys for one editor on one document. Create the editor after `doc.ready`,
 * on `doc.text()`. Don't use `history()` with it: undo comes from the document (C7).
 */
export function tuttiCollab(doc: DocumentHandle, { onError }: CollabOptions = {}): Extension {
  const report: ReportError = (error, refused) => onError?.(error, refused);
  return [
    onlyNewlines,
    readOnlyField.init(() => !isWritable(doc)),
    EditorState.readOnly.from(readOnlyField),
    EditorState.changeFilter.of((tr) => !tr.startState.field(readOnlyField)),
    ViewPlugin.define((view) => {
      const binding = new Binding(view, doc, report);
      registerBinding(view, binding);
      return binding;
    }),
    endOfComposition,
    remoteCursors(doc.presence),
    cursorStyles,
    undoKeys,
  ];
}

/** An editor state on the document, with collaboration and the extensions given. */
export function tuttiState(doc: DocumentHandle, extensions: Extension = [], options: CollabOptions = {}): EditorState {
  return EditorState.create({ doc: doc.text(), extensions: [tuttiCollab(doc, options), extensions] });
}

/** Undoes my last edit and puts the caret there. Does not apply when there is nothing to undo, or typing is off. */
export const undo: Command = (view) => step(view, "undo");

/** Redoes what I undid last; otherwise as `undo`. */
export const redo: Command = (view) => step(view, "redo");

function step(view: EditorView, direction: "undo" | "redo"): boolean {
  const binding = bindingOf(view);
  if (binding === undefined || view.state.readOnly || !binding.can(direction)) return false;
  binding.step(direction);
  return true;
}

/**
 * Only "\n" ends a line. By default CodeMirror takes "\r\n" and "\r" for line ends too and counts each as one unit:
 * every position behind one would differ from the document's. What is pasted gets "\n" for both.
 */
const onlyNewlines: Extension = [
  Prec.highest(EditorState.lineSeparator.of("\n")),
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
];

/** What was held while an input method composed shows in the next frame: CodeMirror reads the last letters first. */
const endOfComposition: Extension = EditorView.domEventHandlers({
  compositionend: (_event, view) => {
    requestAnimationFrame(() => bindingOf(view)?.compositionEnded());
  },
});

// True even when there is nothing to undo: the browser must not undo on its own.
const always =
  (command: Command): Command =>
  (view) => {
    command(view);
    return true;
  };

/** The keys, and the browser's own undo (menu, shaking the phone), which knows nothing of the others. */
const undoKeys: Extension = Prec.high([
  keymap.of([
    { key: "Mod-z", run: always(undo), preventDefault: true },
    { key: "Mod-y", run: always(redo), preventDefault: true },
    { key: "Mod-Shift-z", run: always(redo), preventDefault: true },
  ]),
  EditorView.domEventHandlers({
    beforeinput: (event, view) => {
      const command = { historyUndo: undo, historyRedo: redo }[event.inputType];
      if (command === undefined) return false;
      event.preventDefault();
      return always(command)(view);
    },
  }),
]);
