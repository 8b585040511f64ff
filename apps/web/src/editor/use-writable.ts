import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** Whether this person may change the document now: their role allows it, and they have a place (S11). */
export function useWritable(document: DocumentHandle): boolean {
  const subscribe = useCallback((listener: () => void) => watch(document, listener), [document]);
  return useSyncExternalStore(subscribe, () => document.writable);
}

function watch(document: DocumentHandle, listener: () => void): () => void {
  const cancels = [document.on("status", listener), document.on("attendance", listener)];
  return () => {
    for (const cancel of cancels) cancel();
  };
}
