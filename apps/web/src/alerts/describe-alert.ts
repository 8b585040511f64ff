import type { Alert } from "@tutti/client";

/** What happened, in a sentence. @param me the id of whoever reads it */
export function describeAlert({ kind, user, reason, removed, length }: Alert, me: string): string {
  const who = user.id === me ? "You" : user.name;
  if (kind === "mass_deletion") return `${who} deleted ${describeShare(removed, length)} of this document.`;
  const whose = user.id === me ? "you" : user.name;
  return `The content check flagged what ${whose} wrote${reason === undefined ? "" : `: ${reason}`}.`;
}

function describeShare(removed: number | undefined, length: number | undefined): string {
  return removed !== undefined && length !== undefined && removed >= length ? "all" : "most";
}
