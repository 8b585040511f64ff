import { useWindowEvent } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { type DocumentRecord, listDocuments } from "../api.js";
import { codeOf, describeError } from "../notices/describe-error.js";
import { keptDocuments } from "../offline/device-store.js";
import { sendWaiting } from "../offline/send-waiting.js";
import { waitingDocuments } from "../offline/waiting.js";
import type { Session } from "../session/session.js";
import { setSession } from "../session/session-store.js";
import { recallDocuments, rememberDocuments } from "./known-documents.js";

export interface LoadedList {
  readonly phase: "loaded";
  readonly documents: readonly DocumentRecord[];
  /** Those that open without a network. */
  readonly kept: ReadonlySet<string>;
  /** Those with text that has not reached the server. */
  readonly waiting: ReadonlySet<string>;
  /** The server can't be reached: this is what this device knows. */
  readonly offline: boolean;
}

export type DocumentList =
  | { readonly phase: "loading" }
  | LoadedList
  | { readonly phase: "failed"; readonly reason: string };

/** While the server can't be reached, it is tried again so often, in milliseconds. */
const TRY_AGAIN = 10_000;

/**
 * The list of documents, fetched again whenever the person comes back to the window or the network to them. Without a
 * network it is the one that this device remembers. Text that waits to be sent is sent along the way.
 */
export function useDocuments(session: Session): { readonly list: DocumentList; reload(): void } {
  const [list, setList] = useState<DocumentList>({ phase: "loading" });
  const newest = useRef(0);
  const reload = useCallback(() => {
    newest.current += 1;
    const request = newest.current;
    const show = (next: DocumentList): void => {
      if (request === newest.current) setList(next);
    };
    void load(session, show);
  }, [session]);
  useWindowEvent("focus", reload);
  useWindowEvent("online", reload);
  useEffect(() => {
    reload();
    return () => {
      newest.current += 1;
    };
  }, [reload]);
  const offline = list.phase === "loaded" && list.offline;
  useEffect(() => {
    if (!offline) return;
    const timer = setInterval(reload, TRY_AGAIN);
    return () => clearInterval(timer);
  }, [offline, reload]);
  return { list, reload };
}

async function load(session: Session, show: (list: DocumentList) => void): Promise<void> {
  try {
    const documents = await listDocuments(session);
    rememberDocuments(session, documents);
    show(await loaded(session, documents, false));
    if (waitingDocuments(session).length === 0) return;
    await sendWaiting(session);
    show(await loaded(session, documents, false));
  } catch (reason) {
    show(await failed(session, reason));
  }
}

async function loaded(session: Session, documents: readonly DocumentRecord[], offline: boolean): Promise<DocumentList> {
  const kept = await keptDocuments(session);
  return { phase: "loaded", documents, kept, waiting: new Set(waitingDocuments(session)), offline };
}

async function failed(session: Session, reason: unknown): Promise<DocumentList> {
  const code = codeOf(reason);
  if (code === "unauthenticated") setSession(null);
  const known = code === "unreachable" ? recallDocuments(session) : [];
  return known.length > 0 ? loaded(session, known, true) : { phase: "failed", reason: describeError(reason) };
}
