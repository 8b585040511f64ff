import { colourOf, type Person } from "@tutti/client";

/** Somebody as the header shows them. */
export interface Face {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  /** The one that others see beside their cursor, too. */
  readonly colour: string;
}

/** One face per person, however many tabs they have open; oneself comes first. */
export function gatherPeople(me: { readonly id: string; readonly name: string }, others: readonly Person[]): Face[] {
  const faces = new Map<string, Face>();
  faces.set(me.id, { id: me.id, label: `${me.name} (you)`, name: me.name, colour: colourOf(me.id) });
  for (const { user, colour } of others) {
    if (!faces.has(user.id)) faces.set(user.id, { id: user.id, label: user.name, name: user.name, colour });
  }
  return [...faces.values()];
}
