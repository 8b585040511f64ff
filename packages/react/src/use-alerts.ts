import type { Alert, DocumentHandle } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const ALERTS: DocumentValue<readonly Alert[]> = {
  subscribe: (document, listener) => {
    const ends = [
      document.on("alert", listener),
      // What was settled while there was no connection is gone when there is one again.
      document.on("status", listener),
    ];
    return () => {
      for (const end of ends) end();
    };
  },
  read: (document) => document.alerts,
  none: [],
};

/** What happened in a document that nobody has looked at yet, oldest first (L4). */
export function useAlerts(document: DocumentHandle | undefined): readonly Alert[] {
  return useDocumentValue(document, ALERTS);
}
