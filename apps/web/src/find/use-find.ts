import type { DocumentHandle } from "@tutti/client";
import { type FindOptions, find, replaceAll } from "@tutti/client/find";
import { transformPosition } from "@tutti/ot";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { describeError } from "../notices/describe-error.js";
import type { FindTarget, Place } from "./find-target.js";

/** What is looked for. */
export interface Search extends Required<Pick<FindOptions, "matchCase" | "wholeWord" | "regex">> {
  readonly query: string;
}

export interface Finding {
  readonly found: readonly Place[];
  /** Which of them it is at; -1: none. */
  readonly current: number;
  /** Why nothing can be found, such as a broken regular expression; null when it can. */
  readonly problem: string | null;
  go(direction: "next" | "previous"): void;
  /** Replaces the current place and goes on to the next. */
  replace(replacement: string): void;
  /** @returns how many were replaced, as one undo step (C15) */
  replaceAll(replacement: string): number;
}

type Result = Pick<Finding, "found" | "current" | "problem">;

const NOTHING: Result = { found: [], current: -1, problem: null };
/** After a change of the document it is searched again when nothing has happened for so long, in milliseconds. */
const PAUSE = 150;

/** Finds and replaces in a document, and marks in the editor what is found for as long as the component is there. */
export function useFind(document: DocumentHandle, target: FindTarget, search: Search): Finding {
  const [result, setResult] = useState<Result>(NOTHING);
  const { query, matchCase, wholeWord, regex } = search;
  const options = useMemo(() => ({ matchCase, wholeWord, regex }), [matchCase, wholeWord, regex]);
  /** Where the person is; it moves with the text. */
  const place = useRef(target.caret());
  const look = useCallback(
    (reveal: boolean) => {
      const next = lookFor(document, query, options, place.current);
      setResult(next);
      target.mark(next.found, next.current);
      const at = next.found[next.current];
      if (at !== undefined) place.current = at.index;
      if (reveal && at !== undefined) target.reveal(at);
      return next;
    },
    [document, target, query, options],
  );
  useEffect(() => {
    look(true);
    return afterChanges(document, place, () => look(false));
  }, [document, look]);
  useEffect(() => () => target.mark([], -1), [target]);

  const go = (direction: "next" | "previous") => {
    const { found, current } = look(false);
    if (found.length === 0) return;
    const next = found[(current + (direction === "next" ? 1 : found.length - 1)) % found.length];
    place.current = next?.index ?? 0;
    look(true);
  };
  const replace = (replacement: string) => {
    const { found, current } = look(false);
    const at = found[current];
    if (at === undefined) return;
    const before = document.length;
    replaceAll(document, query, replacement, { ...options, at: at.index });
    place.current = at.index + at.length + document.length - before;
    look(true);
  };
  const replaceEverything = (replacement: string) => {
    const count = replaceAll(document, query, replacement, options);
    look(false);
    return count;
  };
  return { ...result, go, replace, replaceAll: replaceEverything };
}

/** The first place at or behind `from` is the current one; behind the last, the first. */
function lookFor(document: DocumentHandle, query: string, options: FindOptions, from: number): Result {
  if (query === "") return NOTHING;
  try {
    const found = find(document, query, options);
    const behind = found.findIndex(({ index }) => index >= from);
    return { found, current: found.length === 0 ? -1 : Math.max(behind, 0), problem: null };
  } catch (reason) {
    return { ...NOTHING, problem: describeError(reason) };
  }
}

function afterChanges(document: DocumentHandle, place: { current: number }, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = document.on("change", ({ delta }) => {
    place.current = transformPosition(delta, place.current, "left");
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  });
  return () => {
    clearTimeout(timer);
    cancel();
  };
}
