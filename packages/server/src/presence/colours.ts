/** As many colours as clients have. */
export const COLOURS = 12;

/**
 * The colours of the people who are shown in one document: each their own while there are enough, preferably the one
 * that they have everywhere.
 */
export class Colours {
  readonly #taken = new Map<string, { readonly colour: number; holders: number }>();

  /** The colour of a person, counted from 0; to be given back once for each time it was taken. */
  take(user: string): number {
    const known = this.#taken.get(user);
    if (known !== undefined) {
      known.holders += 1;
      return known.colour;
    }
    const colour = this.#leastUsed(preferredColour(user));
    this.#taken.set(user, { colour, holders: 1 });
    return colour;
  }

  giveBack(user: string): void {
    const known = this.#taken.get(user);
    if (known === undefined) return;
    known.holders -= 1;
    if (known.holders === 0) this.#taken.delete(user);
  }

  /** The first from `preferred` on that fewest people have. */
  #leastUsed(preferred: number): number {
    const people = Array.from({ length: COLOURS }, () => 0);
    for (const { colour } of this.#taken.values()) people[colour] = (people[colour] ?? 0) + 1;
    const fewest = Math.min(...people);
    const found = people.findIndex((_, step) => people[(preferred + step) % COLOURS] === fewest);
    return (preferred + found) % COLOURS;
  }
}

/** The colour that clients give a person of whom nothing else is known (FNV-1a of the id). */
function preferredColour(user: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < user.length; index += 1) {
    hash = Math.imul(hash ^ user.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % COLOURS;
}
