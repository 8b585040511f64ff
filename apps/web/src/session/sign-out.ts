import { closeClient } from "./client.js";
import { setSession } from "./session-store.js";

/** Signs the person out of this tab. */
export function signOut(): void {
  closeClient();
  setSession(null);
}
