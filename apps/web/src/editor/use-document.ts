import type { DocumentHandle } from "@tutti/client";
import { useEffect, useState } from "react";
import { codeOf } from "../notices/describe-error.js";
import { clientFor } from "../session/client.js";
import type { Session } from "../session/session.js";
import { setSession } from "../session/session-store.js";

export type DocumentState =
  | { readonly phase: "opening"; readonly document: DocumentHandle | null }
  | { readonly phase: "open"; readonly document: DocumentHandle }
  | { readonly phase: "failed"; readonly reason: unknown };

/** A document, open for as long as the component is there. Without a valid session the person signs in again. */
export function useDocument(id: string, session: Session): DocumentState {
  const [state, setState] = useState<DocumentState>({ phase: "opening", document: null });
  useEffect(() => {
    let left = false;
    const failed = (reason: unknown) => {
      if (left) return;
      if (codeOf(reason) === "unauthenticated") setSession(null);
      setState({ phase: "failed", reason });
    };
    const document = openDocument(id, session, failed);
    if (document === null) return;
    setState({ phase: "opening", document });
    document.ready.then(() => left || setState({ phase: "open", document }), failed);
    return () => {
      left = true;
      document.close();
    };
  }, [id, session]);
  return state;
}

function openDocument(id: string, session: Session, failed: (reason: unknown) => void): DocumentHandle | null {
  try {
    return clientFor(session).open(id);
  } catch (reason) {
    failed(reason);
    return null;
  }
}
