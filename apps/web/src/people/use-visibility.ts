import type { DocumentHandle, Visibility } from "@tutti/client";
import { useEffect, useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { onVisibility, recallVisibility } from "./visibility-store.js";

/** How others see the person while they view, as this device remembers it. */
export function useVisibility(session: Session): Visibility {
  return useSyncExternalStore(onVisibility, () => recallVisibility(session));
}

/** Tells the document, now and whenever the person wants it otherwise. */
export function useVisibilityOf({ presence }: DocumentHandle, session: Session): void {
  const visibility = useVisibility(session);
  useEffect(() => {
    if (presence.visibility !== visibility) presence.visibility = visibility;
  }, [presence, visibility]);
}
