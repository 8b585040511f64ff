import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** False while the server knows nothing of who else is here; editing goes on (P1). */
export function usePresenceAvailable({ presence }: DocumentHandle): boolean {
  const subscribe = useCallback((listener: () => void) => presence.on("change", listener), [presence]);
  return useSyncExternalStore(subscribe, () => presence.available);
}
