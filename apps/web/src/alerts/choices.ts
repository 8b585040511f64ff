import type { Alert } from "@tutti/client";
import type { Role } from "@tutti/protocol";

/** What can be done about an alert. */
export type Choice = "restore" | "dismiss";

/**
 * What somebody can do about an alert. Whoever caused it can't dismiss it, unless the document is theirs; where nothing is
 * left to do, they need not see it.
 *
 * @param me the id of the person
 */
export function choicesOf({ kind, user }: Alert, me: string, role: Role): readonly Choice[] {
  const dismiss: readonly Choice[] = user.id === me && role !== "owner" ? [] : ["dismiss"];
  return kind === "mass_deletion" ? ["restore", ...dismiss] : dismiss;
}
