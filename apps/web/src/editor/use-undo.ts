import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** Whether there is anything to undo and to redo. */
export function useUndo(document: DocumentHandle): { readonly canUndo: boolean; readonly canRedo: boolean } {
  const subscribe = useCallback((listener: () => void) => document.on("change", listener), [document]);
  const canUndo = useSyncExternalStore(subscribe, () => document.canUndo);
  const canRedo = useSyncExternalStore(subscribe, () => document.canRedo);
  return { canUndo, canRedo };
}
