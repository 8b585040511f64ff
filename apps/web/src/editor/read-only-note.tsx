import type { DocumentHandle } from "@tutti/client";
import type { Role } from "@tutti/protocol";
import { useAttendance } from "@tutti/react";
import { describeInterval } from "../attendance/describe-interval.js";
import { Icon } from "../icons/icon.js";
import classes from "./read-only-note.module.css";

const WORDS: Readonly<Record<Role, string>> = {
  viewer: "You can read this document. To write in it, ask its owner.",
  commenter: "You can read this document and comment on it. To change its text, ask its owner.",
  editor: "This document takes no changes at the moment. You can read on.",
  owner: "This document takes no changes at the moment. You can read on.",
};

/** In the place of the toolbar, where there is nothing to do with one. */
export function ReadOnlyNote({ document }: { document: DocumentHandle }) {
  const updates = useAttendance(document)?.updates;
  return (
    <p className={classes.note}>
      <Icon name="eye" size={17} />
      {WORDS[document.role]}
      {updates !== undefined && ` Updates arrive ${describeInterval(updates)}.`}
    </p>
  );
}
