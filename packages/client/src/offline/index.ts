/**
 * @tutti/client/offline: documents and edits that outlive the tab (C3). docs/offline.md says what is promised.
 *
 *     const offline = browserStore({ name: `${server} ${user}` });
 *     const client = new TuttiClient({ url, token, offline });
 */
export { type BrowserStoreOptions, browserStore } from "./browser/browser-store.js";
export { type KeepOptions, keepOffline } from "./keep-offline.js";
export type { Offline } from "./offline.js";
export {
  type Journal,
  type JournalContent,
  type OfflineStore,
  OfflineStoreError,
  type OfflineStoreErrorCode,
} from "./offline-store.js";
