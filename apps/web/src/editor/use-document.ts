import type { DocumentHandle, TuttiClient } from "@tutti/client";
import { useEffect, useState } from "react";
import { codeOf } from "../notices/describe-error.js";
import { tellVisibility } from "../people/tell-visibility.js";
import { clientFor } from "../session/client.js";
import type { Session } from "../session/session.js";
import { setSession } from "../session/session-store.js";

export type DocumentState =
  | { readonly phase: "opening"; readonly document: DocumentHandle | null }
  | { readonly phase: "open"; readonly document: DocumentHandle }
  | { readonly phase: "failed"; readonly reason: unknown };

/**
 * A document, open for as long as the component is there, which is made anew for another person (`Pages`); a new token
 * of the same person changes nothing. Without a valid session they sign in again.
 */
export function useDocument(id: string, session: Session): DocumentState {
  const [state, setState] = useState<DocumentState>({ phase: "opening", document: null });
  const [person] = useState(session);
  const [client] = useState(() => clientFor(session));
  useEffect(() => {
    let left = false;
    const failed = (reason: unknown) => {
      if (left) return;
      if (codeOf(reason) === "unauthenticated") setSession(null);
      setState({ phase: "failed", reason });
    };
    const document = openDocument(id, client, failed);
    if (document === null) return;
    const untell = tellVisibility(document, person);
    setState({ phase: "opening", document });
    document.ready.then(() => left || setState({ phase: "open", document }), failed);
    return () => {
      left = true;
      untell();
      document.close();
    };
  }, [id, client, person]);
  return state;
}

function openDocument(id: string, client: TuttiClient, failed: (reason: unknown) => void): DocumentHandle | null {
  try {
    return client.open(id);
  } catch (reason) {
    failed(reason);
    return null;
  }
}
