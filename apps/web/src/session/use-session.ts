import { useSyncExternalStore } from "react";
import type { Session } from "./session.js";
import { currentSession, onSession } from "./session-store.js";

/** Who is signed in; null for nobody. */
export function useSession(): Session | null {
  return useSyncExternalStore(onSession, currentSession);
}
