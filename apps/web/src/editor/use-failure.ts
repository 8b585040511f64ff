import type { DocumentError, DocumentHandle } from "@tutti/client";
import { useEffect, useState } from "react";
import { isAboutPlaces, reportPlaces } from "../attendance/place-errors.js";
import { reportError } from "../notices/report-error.js";
import { setSession } from "../session/session-store.js";

/**
 * What stopped the document from being saved; null as long as it works. Passing errors become notices. When the session
 * has ended and everything is saved, the person signs in again; text that is not saved keeps them here.
 */
export function useFailure(document: DocumentHandle): DocumentError | null {
  const [failure, setFailure] = useState<DocumentError | null>(null);
  useEffect(() => {
    const fail = (error: DocumentError) => {
      setFailure(error);
      if (error.code === "unauthenticated" && document.unsaved === 0) setSession(null);
    };
    const tell = (error: DocumentError) => {
      // What this device can't keep is told by useStorageNote.
      if (error.code.startsWith("offline_storage_")) return;
      if (isAboutPlaces(document, error)) reportPlaces(error);
      else if (error.retry) reportError("Saving takes longer than usual", error);
      else fail(error);
    };
    const cancels = [
      document.on("error", tell),
      document.on("status", (status) => status === "Saved" && setFailure(null)),
    ];
    return () => {
      for (const cancel of cancels) cancel();
    };
  }, [document]);
  return failure;
}
