import type { Role } from "@tutti/protocol";

/** Who may do what in a document, as the store has it. */
export interface RoleStore {
  /** undefined: nothing was said about this person. */
  role(document: string, user: string): Promise<string | undefined>;
}

/** What a person may do in a document, and whether somebody has said so. */
export interface Permit {
  readonly role: Role;
  /** It was granted to this person, and is stored; false: it follows from what holds for everybody. */
  readonly granted: boolean;
}

const ROLES: readonly Role[] = ["viewer", "commenter", "editor", "owner"];

/**
 * What a person may do in a document (A2): what was granted to them; without a grant, whoever made it owns it and
 * everybody else may edit.
 *
 * @param document its id, and the id of the person who made it
 * @param user the id of the person
 * @throws StoreError
 */
export async function permitIn(
  store: RoleStore,
  document: { readonly id: string; readonly createdBy: string },
  user: string,
): Promise<Permit> {
  const granted = await store.role(document.id, user);
  if (granted === undefined) return { role: document.createdBy === user ? "owner" : "editor", granted: false };
  // A role of a later version is known to be one, and nothing more.
  return { role: ROLES.find((role) => role === granted) ?? "viewer", granted: true };
}

/** The role alone, as `permitIn`. */
export async function roleIn(...[store, document, user]: Parameters<typeof permitIn>): Promise<Role> {
  return (await permitIn(store, document, user)).role;
}

/** Whether somebody in this role may change the text. */
export const mayEdit = (role: Role): boolean => role === "editor" || role === "owner";
