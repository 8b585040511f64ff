import type { DocumentHandle, Person } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** Who else is in the document: one entry per tab. */
export function useOthers(document: DocumentHandle): readonly Person[] {
  const { presence } = document;
  const subscribe = useCallback((listener: () => void) => presence.on("change", listener), [presence]);
  return useSyncExternalStore(subscribe, () => presence.others);
}
