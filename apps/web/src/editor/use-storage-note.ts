import type { DocumentHandle } from "@tutti/client";
import { useEffect } from "react";
import { notify } from "../notices/notice-store.js";

/** Once is enough: it is about the browser, not about the document. */
let told = false;

/** Says so where the browser keeps nothing (private windows, a full disk): all works on, as long as the page is open. */
export function useStorageNote(document: DocumentHandle): void {
  useEffect(() => {
    const tell = () => {
      if (told || document.stored) return;
      told = true;
      notify({
        title: "This browser keeps nothing on this device",
        text: "Private windows do that, and full disks. You can write as always; without a network, leave the page open until everything is sent.",
      });
    };
    tell();
    return document.on("error", tell);
  }, [document]);
}
