import type { Alert, DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** What somebody should look at in the document (L4). The same list for as long as nothing changes. */
export function useAlerts(document: DocumentHandle): readonly Alert[] {
  const subscribe = useCallback((listener: () => void) => document.on("alert", listener), [document]);
  return useSyncExternalStore(subscribe, () => document.alerts);
}
