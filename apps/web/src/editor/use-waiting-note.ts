import type { DocumentHandle } from "@tutti/client";
import { useEffect } from "react";
import { noteWaiting } from "../offline/waiting.js";
import type { Session } from "../session/session.js";
import { watchUnsaved } from "./use-unsaved.js";

/** Notes on this device whether the document has text that has not reached the server, for the list and for signing out. */
export function useWaitingNote(document: DocumentHandle, session: Session): void {
  useEffect(() => {
    let noted: boolean | undefined;
    const note = () => {
      const waiting = document.unsaved > 0;
      if (waiting !== noted) noteWaiting(session, document.id, waiting);
      noted = waiting;
    };
    note();
    return watchUnsaved(document, note);
  }, [document, session]);
}
