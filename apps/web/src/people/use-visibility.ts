import type { Visibility } from "@tutti/client";
import { useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { onVisibility, recallVisibility } from "./visibility-store.js";

/** How others see the person while they view, as this device remembers it. */
export function useVisibility(session: Session): Visibility {
  return useSyncExternalStore(onVisibility, () => recallVisibility(session));
}
