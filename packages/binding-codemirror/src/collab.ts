import { EditorState, type Extension } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import type { DocumentHandle } from "@tutti/client";

export interface CollabOptions {
  /**
   * Something typed could not become part of the document; the editor shows the document again.
   * `refused` is the edit as a Delta, so that the text in it can be offered to the person.
   */
  readonly onError?: (error: unknown, refused: unknown) => void;
}

/** Collaboration, remote cursors and undo keys for one editor on one document. Create the editor after `doc.ready`. */
export function tuttiCollab(_doc: DocumentHandle, _options: CollabOptions = {}): Extension {
  return [];
}

/** An editor state on the document, with collaboration and the extensions given. */
export function tuttiState(doc: DocumentHandle, extensions: Extension = [], options: CollabOptions = {}): EditorState {
  return EditorState.create({ doc: doc.text(), extensions: [tuttiCollab(doc, options), extensions] });
}

/** Undoes my last edit and puts the caret there. */
export const undo: Command = () => false;
/** Redoes what I undid last. */
export const redo: Command = () => false;
