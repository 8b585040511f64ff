import type { DocumentHandle } from "@tutti/client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { type Face, gatherFaces, sameFaces } from "./gather-faces.js";
import { stable } from "./stable.js";

/** "Active a minute ago" ages without any message. */
const AGEING = 30_000;

/** Everybody here whose name is known. Cursors that move draw nothing anew. */
export function useFaces(document: DocumentHandle, { user }: Session): readonly Face[] {
  const subscribe = useCallback((listener: () => void) => watch(document, listener), [document]);
  const { id, name } = user;
  const read = useMemo(() => {
    const gather = () => {
      const { people, colour } = document.presence;
      return gatherFaces({ me: { id, name, colour }, editing: isEditing(document), people, now: Date.now() });
    };
    return stable(gather, sameFaces);
  }, [document, id, name]);
  return useSyncExternalStore(subscribe, read);
}

function isEditing({ attendance, writable }: DocumentHandle): boolean {
  return attendance === undefined ? writable : attendance.place === "editing";
}

function watch(document: DocumentHandle, listener: () => void): () => void {
  const timer = setInterval(listener, AGEING);
  const cancels = [
    document.presence.on("change", listener),
    document.on("attendance", listener),
    document.on("status", listener),
  ];
  return () => {
    clearInterval(timer);
    for (const cancel of cancels) cancel();
  };
}
