import type { Visibility } from "@tutti/client";
import { recall, remember } from "../offline/remembered.js";
import type { Session } from "../session/session.js";

/** How others see the person while they view (P5): one wish per device, for all documents and all tabs. */
const keyOf = ({ user }: Session): string => `tutti.visibility.${user.id}`;
const listeners = new Set<() => void>();

/** By name, unless they wanted something else. */
export function recallVisibility(session: Session): Visibility {
  const wish = recall(keyOf(session));
  return wish === "anonymous" || wish === "hidden" ? wish : "named";
}

export function rememberVisibility(session: Session, visibility: Visibility): void {
  remember(keyOf(session), visibility);
  for (const listener of listeners) listener();
}

/** Calls back when the wish has changed, in this tab or in another one. */
export function onVisibility(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}
