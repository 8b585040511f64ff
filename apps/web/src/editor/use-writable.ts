import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** Whether this person may change the document. */
export function useWritable(document: DocumentHandle): boolean {
  const subscribe = useCallback((listener: () => void) => document.on("status", listener), [document]);
  return useSyncExternalStore(subscribe, () => document.writable);
}
