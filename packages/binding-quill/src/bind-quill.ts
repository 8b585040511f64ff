import type { DocumentHandle } from "@tutti/client";
import type Quill from "quill";
import { Binding, type ReportError } from "./binding.js";
import { RemoteCursors } from "./cursors.js";
import { registerPlaceholder } from "./embed-blot.js";
import { replaceHistory } from "./history.js";
import { Shown } from "./shown.js";

export interface QuillBindingOptions {
  /**
   * Something typed could not become part of the document; Quill shows the document again. `refused` is the edit as a
   * Delta, so that the text in it can be offered to the person; empty when the document could not be opened at all.
   */
  readonly onError?: ReportError;
  /** Inline objects of yours (names of registered blots) that Quill gives back exactly as they were given. */
  readonly embeds?: readonly string[];
}

/** A Quill that shows a document, until `destroy`. */
export interface QuillBinding {
  /** Take back or redo my own edits; as Quill's keys and `quill.history` do while it is bound. */
  undo(): void;
  redo(): void;
  /** Lets go of the document; the text stays in Quill. */
  destroy(): void;
}

/**
 * Shows a document in a Quill and writes what is typed there to it, with the others' cursors and undo from the
 * document (C7, C14). What was in Quill before is replaced. Best after `doc.ready`; before it, Quill is empty.
 */
export function bindQuill(quill: Quill, doc: DocumentHandle, options: QuillBindingOptions = {}): QuillBinding {
  registerPlaceholder(quill);
  const { Scope } = (quill.constructor as typeof Quill).import("parchment");
  const shown = new Shown(quill.options.registry, Scope, options.embeds);
  const cursors = new RemoteCursors(quill, doc.presence);
  const report: ReportError = (error, refused) => options.onError?.(error, refused);
  const binding = new Binding(quill, doc, shown, report, (delta, by) => cursors.textChanged(delta, by));
  cursors.start(binding);
  const restoreHistory = replaceHistory(quill, (direction) => binding.step(direction));
  return {
    undo: () => binding.step("undo"),
    redo: () => binding.step("redo"),
    destroy: () => {
      restoreHistory();
      cursors.destroy();
      binding.destroy();
    },
  };
}
