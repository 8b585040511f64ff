import { useWindowEvent } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
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
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  useWindowEvent("focus", reload);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new request
  useEffect(() => {
    let outdated = false;
    listDocuments(session).then(
      (documents) => outdated || setList({ phase: "loaded", documents }),
      (reason: unknown) => outdated || setList(failed(reason)),
    );
    return () => {
      outdated = true;
    };
  }, [session, round]);
  return { list, reload };
}

function failed(reason: unknown): DocumentList {
  if (codeOf(reason) === "unauthenticated") setSession(null);
  return { phase: "failed", reason: describeError(reason) };
}
