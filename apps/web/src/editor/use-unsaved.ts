import type { DocumentHandle } from "@tutti/client";
import { useEffect, useState } from "react";

/** Whether something typed here is not durable on the server yet. */
export function useUnsaved(document: DocumentHandle): boolean {
  const [unsaved, setUnsaved] = useState(false);
  useEffect(() => {
    let newest = 0;
    let left = false;
    const onChange = (origin: "local" | "remote") => {
      if (origin !== "local") return;
      newest += 1;
      const mine = newest;
      setUnsaved(true);
      // A rejection means that it never will be saved, and the document's error event says why.
      document.saved().then(
        () => left || mine !== newest || setUnsaved(false),
        () => undefined,
      );
    };
    const cancel = document.on("change", ({ origin }) => onChange(origin));
    return () => {
      left = true;
      cancel();
    };
  }, [document]);
  return unsaved;
}
