import type { Attendance, DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";

/** How many are here and whether I may edit now (S11); undefined until the server has said so. */
export function useAttendance(document: DocumentHandle): Attendance | undefined {
  const subscribe = useCallback((listener: () => void) => document.on("attendance", listener), [document]);
  return useSyncExternalStore(subscribe, () => document.attendance);
}
