import type { DocumentHandle } from "@tutti/client";
import { useEffect } from "react";

/**
 * The browser asks before the window is closed, where text would be lost with it: neither the server nor this device has
 * it, or this device is still writing it down, which takes a moment.
 */
export function useLeaveWarning(document: DocumentHandle): void {
  useEffect(() => {
    let writing = 0;
    const written = () => {
      writing -= 1;
    };
    const cancel = document.on("change", ({ origin }) => {
      if (origin !== "local") return;
      writing += 1;
      document.persisted().then(written, written);
    });
    const ask = (event: BeforeUnloadEvent) => {
      if (document.unsaved > 0 && (!document.stored || writing > 0)) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      cancel();
      window.removeEventListener("beforeunload", ask);
    };
  }, [document]);
}
