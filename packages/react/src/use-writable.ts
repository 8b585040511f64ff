import type { DocumentHandle } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const WRITABLE: DocumentValue<boolean> = {
  subscribe(document, listener) {
    const cancels = [document.on("status", listener), document.on("conflict", listener)];
    return () => {
      for (const cancel of cancels) cancel();
    };
  },
  read: (document) => document.writable,
  none: false,
};

/** Whether the person may change a document now: it is there, and their role allows it (A2). */
export function useWritable(document: DocumentHandle | undefined): boolean {
  return useDocumentValue(document, WRITABLE);
}
