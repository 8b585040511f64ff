import { isWritable } from "@tutti/binding";
import type { DocumentHandle } from "@tutti/client";
import type { Operation } from "@tutti/ot";
import { keymap } from "prosemirror-keymap";
import { type Command, EditorState, Plugin } from "prosemirror-state";
import { Binding, bindingOf } from "./binding.js";
import { type CollabState, collabKey, isShown, nextState } from "./collab-state.js";
import { cursorLayer } from "./cursor-layer.js";
import { remoteCursors } from "./cursors.js";
import { documentFromDelta } from "./delta.js";
import { normaliser } from "./normaliser.js";
import { tuttiSchema } from "./schema.js";

export interface CollabOptions {
  /**
   * Something typed could not become part of the document; the editor shows the document again.
   * `refused` is the edit as a Delta, so that the text in it can be offered to the person; empty when the document
   * could not be opened at all.
   */
  readonly onError?: (error: unknown, refused: Operation) => void;
}

/**
 * Collaboration, remote cursors and undo keys for one editor on one document. Create the editor after `doc.ready`.
 * Don't use `prosemirror-history` with it: undo comes from the document (C7).
 */
export function tuttiCollab(doc: DocumentHandle, options: CollabOptions = {}): readonly Plugin[] {
  return [collaboration(doc, options), normaliser(), remoteCursors(doc.presence), cursorLayer(), undoKeys()];
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

/** Undoes my last edit and puts the caret there. Does not apply when there is nothing to undo, or typing is off. */
export const undo: Command = (state, dispatch) => step(state, dispatch !== undefined, "undo");

/** Redoes what I undid last; otherwise as `undo`. */
export const redo: Command = (state, dispatch) => step(state, dispatch !== undefined, "redo");

function step(state: EditorState, run: boolean, direction: "undo" | "redo"): boolean {
  const binding = bindingOf(state);
  if (binding === undefined || collabKey.getState(state)?.readOnly === true || !binding.can(direction)) return false;
  if (run) binding.step(direction);
  return true;
}

function collaboration(doc: DocumentHandle, { onError }: CollabOptions): Plugin {
  return new Plugin<CollabState>({
    key: collabKey,
    state: {
      init: (): CollabState => ({ readOnly: !isWritable(doc), newest: undefined }),
      apply: (tr, state, before) => nextState(state, tr, before.selection),
    },
    view: (view) => new Binding(view, doc, (error, refused) => onError?.(error, refused)),
    filterTransaction: (tr, state) => !tr.docChanged || isShown(tr) || collabKey.getState(state)?.readOnly !== true,
    props: {
      editable: (state) => collabKey.getState(state)?.readOnly !== true,
      attributes: (state) => ({ "aria-readonly": String(collabKey.getState(state)?.readOnly === true) }),
      handleDOMEvents: {
        compositionend: (view) => {
          // In the next frame: ProseMirror reads the last letters first.
          view.dom.ownerDocument.defaultView?.requestAnimationFrame(() => bindingOf(view.state)?.compositionEnded());
          return false;
        },
      },
    },
  });
}

/** The keys, and the browser's own undo (menu, shaking the phone), which knows nothing of the others. */
function undoKeys(): Plugin {
  // True even when there is nothing to undo: the browser must not undo on its own.
  const always =
    (command: Command): Command =>
    (state, dispatch, view) => {
      command(state, dispatch, view);
      return true;
    };
  const keys = keymap({
    "Mod-z": always(undo),
    "Mod-y": always(redo),
    "Shift-Mod-z": always(redo),
  });
  return new Plugin({
    props: {
      ...keys.props,
      handleDOMEvents: {
        beforeinput: (view, event) => {
          const command = { historyUndo: undo, historyRedo: redo }[event.inputType];
          if (command === undefined) return false;
          event.preventDefault();
          return always(command)(view.state, view.dispatch, view);
        },
      },
    },
  });
}
