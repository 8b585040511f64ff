import type { DocumentHandle } from "@tutti/client";
import type { Session } from "../session/session.js";
import { onVisibility, recallVisibility } from "./visibility-store.js";

/**
 * Tells a document how others are to see the person (P5): at once, before the server hears that they are here, and
 * whenever they want it otherwise. The function returned ends that.
 */
export function tellVisibility({ presence }: DocumentHandle, session: Session): () => void {
  const tell = () => {
    presence.visibility = recallVisibility(session);
  };
  tell();
  return onVisibility(tell);
}
