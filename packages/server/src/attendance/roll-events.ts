import type { Role, User } from "@tutti/protocol";

/** What happens to the attendance of one document. Persons are named by their ids. */
export type RollEvent =
  /** One more connection of a person. `named`: a role that may edit was granted to them, and is stored. */
  | { readonly kind: "arrive"; readonly user: User; readonly role: Role; readonly named: boolean }
  /** One connection less. `lost`: not by their wish, so they may be back in a moment. */
  | { readonly kind: "leave"; readonly user: string; readonly lost: boolean }
  | { readonly kind: "ask"; readonly user: string; readonly wish: "edit" | "view" }
  /** Somebody who may decide says whether this person, who asks, gets a place. */
  | { readonly kind: "decide"; readonly user: string; readonly edit: boolean }
  /** The owner says whether this person may edit in moderated mode. */
  | { readonly kind: "name"; readonly user: string; readonly edit: boolean }
  /** @param named all who are named; others are not */
  | { readonly kind: "moderate"; readonly moderated: boolean; readonly named: readonly string[] }
  /** Nothing but time. */
  | { readonly kind: "look" };
