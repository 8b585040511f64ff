import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";
import { lateGoodNews } from "./late-good-news.js";

/** Whether something typed here is not durable on the server yet; that it all is, is told a little late. */
export function useUnsaved(document: DocumentHandle): boolean {
  const subscribe = useCallback(
    (listener: () => void) =>
      lateGoodNews(
        () => document.unsaved === 0,
        (changed) => watchUnsaved(document, changed),
        listener,
      ),
    [document],
  );
  return useSyncExternalStore(subscribe, () => document.unsaved > 0);
}

/** Calls back when edits are made here, and when all of them have become durable; the function returned ends that. */
export function watchUnsaved(document: DocumentHandle, listener: () => void): () => void {
  let waiting = false;
  let left = false;
  const wait = () => {
    if (waiting || left || document.unsaved === 0) return;
    waiting = true;
    // A rejection means that it never will be, and the document's error event says why.
    document.saved().then(arrived, () => undefined);
  };
  const arrived = () => {
    waiting = false;
    if (left) return;
    listener();
    wait();
  };
  const changed = () => {
    listener();
    wait();
  };
  const cancels = [document.on("change", changed), document.on("status", changed)];
  wait();
  return () => {
    left = true;
    for (const cancel of cancels) cancel();
  };
}
