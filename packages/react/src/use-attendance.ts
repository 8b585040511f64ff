import type { Attendance, DocumentHandle } from "@tutti/client";
import { type DocumentValue, useDocumentValue } from "./use-document-value.js";

const ATTENDANCE: DocumentValue<Attendance | undefined> = {
  subscribe: (document, listener) => document.on("attendance", listener),
  read: (document) => document.attendance,
  none: undefined,
};

/**
 * How many are in a document, and who of them may edit now (S11); undefined before the server has said so. What can be
 * done about it are methods of the document: `askToEdit`, `stopEditing`, `decide`, `moderate`.
 */
export function useAttendance(document: DocumentHandle | undefined): Attendance | undefined {
  return useDocumentValue(document, ATTENDANCE);
}
