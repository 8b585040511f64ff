import type { DocumentHandle } from "@tutti/client";
import { useMemo } from "react";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

/** For a pair of buttons. */
export interface UndoControls {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** False when there was nothing to undo. */
  undo(): boolean;
  redo(): boolean;
}

const CAN_UNDO: DocumentValue<boolean> = {
  subscribe: (document, listener) => document.on("change", listener),
  read: (document) => document.canUndo,
  none: false,
};
const CAN_REDO: DocumentValue<boolean> = { ...CAN_UNDO, read: (document) => document.canRedo };

/** Undo and redo of the person's own edits (C7), and whether there is anything to undo and redo. */
export function useUndo(document: DocumentHandle | undefined): UndoControls {
  const canUndo = useDocumentValue(document, CAN_UNDO);
  const canRedo = useDocumentValue(document, CAN_REDO);
  return useMemo(
    () => ({
      canUndo,
      canRedo,
      undo: () => document?.undo() ?? false,
      redo: () => document?.redo() ?? false,
    }),
    [document, canUndo, canRedo],
  );
}
