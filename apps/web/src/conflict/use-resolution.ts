import type { Conflict, DocumentHandle } from "@tutti/client";
import { useState } from "react";
import { createDocument } from "../api.js";
import { navigate } from "../navigation/history.js";
import { documentPath } from "../navigation/route.js";
import { reportError } from "../notices/report-error.js";
import type { Session } from "../session/session.js";

interface Resolution {
  /** The copy is being made. */
  readonly busy: boolean;
  merge(): void;
  discard(): void;
  keepAsCopy(): void;
}

/** Carries out what the person chose. What fails is told, and they may choose again. */
export function useResolution(document: DocumentHandle, conflict: Conflict, session: Session): Resolution {
  const [busy, setBusy] = useState(false);
  const copy = async () => {
    setBusy(true);
    try {
      const title = `${document.title || "Untitled"} (my copy)`;
      const kept = await conflict.keepAsCopy(() => createDocument(session, title, document.kind));
      navigate(documentPath(kept.id));
    } catch (reason) {
      reportError("The copy was not made", reason);
    } finally {
      setBusy(false);
    }
  };
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (reason) {
      reportError("That did not work", reason);
    }
  };
  return {
    busy,
    merge: () => attempt(() => conflict.merge()),
    discard: () => attempt(() => conflict.discard()),
    keepAsCopy: () => void copy(),
  };
}
