import type { DocumentHandle } from "@tutti/client";
import { type KeyboardEvent, useRef, useState } from "react";
import { renameDocument } from "../api.js";
import { reportError, reportFailedCall } from "../notices/report-error.js";
import type { Session } from "../session/session.js";
import classes from "./editor-header.module.css";

interface DocumentTitleProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  /** The title that is stored. */
  readonly title: string;
  /** Text that is not saved yet keeps the person here, even when their session has ended. */
  readonly unsaved: boolean;
  onRenamed(title: string): void;
}

/** The title, to be edited in place: Enter or leaving the field keeps it, Escape takes it back. */
export function DocumentTitle({ document, session, title, unsaved, onRenamed }: DocumentTitleProps) {
  const [draft, setDraft] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  const rename = async () => {
    const wanted = draft.trim();
    setDraft(wanted === "" ? title : wanted);
    if (wanted === "" || wanted === title) return;
    try {
      await renameDocument(session, document.id, wanted);
      onRenamed(wanted);
    } catch (reason) {
      setDraft(title);
      const report = unsaved ? reportError : reportFailedCall;
      report("The title was not changed", reason);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") field.current?.blur();
    if (event.key === "Escape") setDraft(title);
  };
  return (
    <span className={classes.title}>
      <input
        ref={field}
        aria-label="Document title"
        value={draft}
        size={24}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => void rename()}
        onKeyDown={onKeyDown}
      />
    </span>
  );
}
