import type { DocumentHandle } from "@tutti/client";
import { useEffect } from "react";

/** The browser asks before the window is closed, where text would be lost with it: neither the server nor this device has it. */
export function useLeaveWarning(document: DocumentHandle): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (document.unsaved > 0 && !document.stored) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [document]);
}
