/**
 * @tutti/react: documents that several people edit at once, as React hooks.
 *
 *     <TuttiProvider client={client}>…</TuttiProvider>
 *
 *     const { document } = useDocument(id);
 *     const text = useText(document);
 *
 * Read `open-documents` for how long a document stays open. Every hook takes `undefined` for a document that is not open
 * yet, so all of them can stand in the component that opens it.
 */
"use client";

export type { DocumentState } from "./open-documents.js";
export { TuttiProvider, type TuttiProviderProps } from "./provider.js";
export { useAlerts } from "./use-alerts.js";
export { useAttendance } from "./use-attendance.js";
export { useConflict } from "./use-conflict.js";
export { useConnection } from "./use-connection.js";
export { useContent } from "./use-content.js";
export { useDocument } from "./use-document.js";
export { usePeople } from "./use-people.js";
export { usePresence } from "./use-presence.js";
export { useStatus } from "./use-status.js";
export { useText } from "./use-text.js";
export { type UndoControls, useUndo } from "./use-undo.js";
export { useWritable } from "./use-writable.js";
