import type { DocumentHandle, Status } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";
import { lateGoodNews } from "./late-good-news.js";

/** How the document stands, in the words of the client; "Saved" is told a little late. */
export function useStatus(document: DocumentHandle): Status {
  const subscribe = useCallback(
    (listener: () => void) =>
      lateGoodNews(
        () => document.status === "Saved",
        (changed) => document.on("status", changed),
        listener,
      ),
    [document],
  );
  return useSyncExternalStore(subscribe, () => document.status);
}
