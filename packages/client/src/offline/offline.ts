import type { Clock } from "@tutti/protocol";
import type { OfflineSession, OfflineSessionOptions } from "./offline-session.js";

/**
 * Keeps documents on this device (C3), for `TuttiClient`: `browserStore(…)` of "@tutti/client/offline", `folderStore(…)` of
 * "@tutti/client/node", or `keepOffline(…)` around a store of your own. It stands between the two so that a client
 * without it does not load it.
 */
export interface Offline {
  /** Documents that can be opened without network, newest first. @throws OfflineStoreError */
  documents(): Promise<readonly string[]>;
  /**
   * Deletes all documents and edits that no living tab holds, those that have not been sent too: for signing out, after
   * `TuttiClient.close()`. @throws OfflineStoreError
   */
  forget(): Promise<void>;
  /** Once for each client. */
  attach(clock: Clock): (options: Omit<OfflineSessionOptions, "offline">) => OfflineSession;
}
