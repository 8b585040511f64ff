import { useCallback, useState } from "react";
import type { FindTarget } from "./find-target.js";

/** Whether the find bar is there, and how it was opened. */
export interface FindView {
  readonly shown: { readonly query: string; readonly replacing: boolean } | null;
  open(target: FindTarget, replacing: boolean): void;
  setReplacing(replacing: boolean): void;
  close(): void;
}

/** A longer selection is text to work on rather than a word to look for. */
const LONGEST_QUERY = 200;

export function useFindView(): FindView {
  const [shown, setShown] = useState<FindView["shown"]>(null);
  const open = useCallback((target: FindTarget, replacing: boolean) => {
    const selected = target.selectedText();
    const isWord = selected.length <= LONGEST_QUERY && !selected.includes("\n");
    setShown({ query: isWord ? selected : "", replacing });
  }, []);
  const setReplacing = useCallback((replacing: boolean) => {
    setShown((now) => (now === null ? null : { ...now, replacing }));
  }, []);
  const close = useCallback(() => setShown(null), []);
  return { shown, open, setReplacing, close };
}
