/** All that keeps documents on the device. Nothing but `device` imports it, and `device` only when there is a store. */
export { OfflineDocuments } from "./offline-documents.js";
export { OfflineSession } from "./offline-session.js";
