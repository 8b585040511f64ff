import { useSyncExternalStore } from "react";
import { currentNotices, type Notice, onNotices } from "./notice-store.js";

/** The notices on the screen, oldest first. */
export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(onNotices, currentNotices);
}
