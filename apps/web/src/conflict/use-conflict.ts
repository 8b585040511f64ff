import type { Conflict, DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** What the person has to decide about; undefined: nothing. */
export function useConflict(document: DocumentHandle): Conflict | undefined {
  const subscribe = useCallback((listener: () => void) => document.on("conflict", listener), [document]);
  return useSyncExternalStore(subscribe, () => document.conflict);
}
