import { useWindowEvent } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { type DocumentRecord, listDocuments } from "../api.js";
import { codeOf, describeError } from "../notices/describe-error.js";
import type { Session } from "../session/session.js";
import { setSession } from "../session/session-store.js";

export type DocumentList =
  | { readonly phase: "loading" }
  | { readonly phase: "loaded"; readonly documents: readonly DocumentRecord[] }
  | { readonly phase: "failed"; readonly reason: string };

/** The list of documents, fetched again whenever the person comes back to the window. */
export function useDocuments(session: Session): { readonly list: DocumentList; reload(): void } {
  const [list, setList] = useState<DocumentList>({ phase: "loading" });
  const newest = useRef(0);
  const reload = useCallback(() => {
    newest.current += 1;
    const request = newest.current;
    const show = (next: DocumentList): void => {
      if (request === newest.current) setList(next);
    };
    listDocuments(session).then(
      (documents) => show({ phase: "loaded", documents }),
      (reason: unknown) => show(failed(reason)),
    );
  }, [session]);
  useWindowEvent("focus", reload);
  useEffect(() => {
    reload();
    return () => {
      newest.current += 1;
    };
  }, [reload]);
  return { list, reload };
}

function failed(reason: unknown): DocumentList {
  if (codeOf(reason) === "unauthenticated") setSession(null);
  return { phase: "failed", reason: describeError(reason) };
}
