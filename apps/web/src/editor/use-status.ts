import type { DocumentHandle, Status } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** How the document stands, in the words of the client. */
export function useStatus(document: DocumentHandle): Status {
  const subscribe = useCallback((listener: () => void) => document.on("status", listener), [document]);
  return useSyncExternalStore(subscribe, () => document.status);
}
