import type { DocumentHandle } from "@tutti/client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "./find-bar.module.css";
import { FindButton } from "./find-button.js";
import type { FindTarget } from "./find-target.js";
import { FindToggles } from "./find-toggles.js";
import { ReplaceRow } from "./replace-row.js";
import { type Finding, type Search, useFind } from "./use-find.js";
import { type FindKey, useFindKeys } from "./use-find-keys.js";

interface FindBarProps {
  readonly document: DocumentHandle;
  readonly target: FindTarget;
  /** What was selected when it was opened. */
  readonly initial: string;
  readonly replacing: boolean;
  onReplacing(replacing: boolean): void;
  onClose(): void;
}

/** Find and replace in a document (C15). */
export function FindBar({ document, target, initial, replacing, onReplacing, onClose }: FindBarProps) {
  const [search, setSearch] = useState<Search>({ query: initial, matchCase: false, wholeWord: false, regex: false });
  const finding = useFind(document, target, search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const onKey = (key: FindKey) => {
    if (key === "next" || key === "previous") finding.go(key);
    else {
      onReplacing(key === "replace" || replacing);
      field.current?.select();
    }
  };
  useFindKeys(onKey);
  const close = () => {
    onClose();
    target.enter(finding.found[finding.current]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    finding.go(event.shiftKey ? "previous" : "next");
  };
  const writable = document.writable;
  return (
    <search className={classes.bar} aria-label="Find and replace" onKeyDown={onKeyDown}>
      <div className={classes.row}>
        <input
          ref={field}
          className={classes.field}
          aria-label="Find"
          placeholder="Find"
          aria-invalid={finding.problem !== null}
          spellCheck={false}
          value={search.query}
          onChange={(event) => setSearch({ ...search, query: event.currentTarget.value })}
          onKeyDown={onEnter}
        />
        <Count finding={finding} query={search.query} />
        <div className={classes.controls}>
          <FindToggles search={search} onSearch={setSearch} />
          <FindButton label="Previous match" icon="up" shortcut="Shift-Enter" onClick={() => finding.go("previous")} />
          <FindButton label="Next match" icon="chevron" shortcut="Enter" onClick={() => finding.go("next")} />
          {writable && (
            <FindButton label="Replace" icon="replace" pressed={replacing} onClick={() => onReplacing(!replacing)} />
          )}
        </div>
        <FindButton label="Close" icon="close" shortcut="Escape" onClick={close} />
      </div>
      {replacing && writable && <ReplaceRow finding={finding} />}
    </search>
  );
}

function Count({ finding: { found, current, problem }, query }: { finding: Finding; query: string }) {
  const place = found.length === 0 ? "No matches" : `${current + 1} of ${found.length.toLocaleString("en-GB")}`;
  // Why not, in words for developers, is in the title.
  const words = problem === null ? place : "Can't be searched for";
  return (
    <span role="status" className={classes.count} data-bad={problem !== null || undefined} title={problem ?? undefined}>
      {query === "" ? "" : words}
    </span>
  );
}
