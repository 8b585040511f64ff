import type { IdenticalInserts } from "@tutti/ot";
import type { Opened, Role } from "@tutti/protocol";

/** What else must be known of a document to show it without the server. */
export interface DocumentDetails {
  readonly kind: Opened["kind"];
  readonly title: string;
  readonly role: Role | undefined;
  readonly identicalInserts: IdenticalInserts;
}

const ROLES: readonly unknown[] = ["viewer", "commenter", "editor", "owner"] satisfies Role[];

/** The details that are in `value`; what is not known here is left out. */
export function detailsFromJson(value: unknown): Partial<DocumentDetails> {
  if (typeof value !== "object" || value === null) return {};
  const { kind, title, role, identicalInserts } = value as { readonly [field: string]: unknown };
  return {
    ...((kind === "rich" || kind === "plain") && { kind }),
    ...(typeof title === "string" && { title }),
    ...(ROLES.includes(role) && { role: role as Role }),
    ...((identicalInserts === "merge" || identicalInserts === "keep") && { identicalInserts }),
  };
}
