import type { Conflict } from "@tutti/client";
import { describeError } from "../notices/describe-error.js";

interface ConflictWords {
  readonly title: string;
  readonly text: string;
}

/** What happened while the person was away or writing, and what it means for their text (C12). */
export function describeConflict({ reason, error, merged }: Conflict): ConflictWords {
  switch (reason) {
    case "deleted":
      return {
        title: "This document was deleted",
        text: "Somebody deleted it before your changes reached the server. Your text is still here: keep it as a document of your own, or let it go.",
      };
    case "revoked":
      return {
        title: "You may no longer write here",
        text: "Your permission ended before your changes reached the server. Your text is still here: keep it as a document of your own, or let it go.",
      };
    case "diverged":
      return {
        title: "You and others changed the same paragraphs",
        text: "While you were away, others have changed a lot where you were writing. Look at what the merge makes of it before it becomes part of the document.",
      };
    case "refused":
      return {
        title: "The server did not take your changes",
        text: `${error === undefined ? "" : `${describeError(error)} `}${merged === undefined ? "Your text is still here: keep it as a document of your own, or let it go." : "Your text is still here: try the merge, or keep it as a document of your own."}`,
      };
  }
}
