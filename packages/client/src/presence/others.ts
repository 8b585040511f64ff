import type { Clock, Cursor, PresenceEntry, Presence as PresenceMessage } from "@tutti/protocol";
import { colourOf, PALETTE } from "../colour.js";
import type { Replica } from "../document/replica.js";
import { type Commit, Commits, moveCursor } from "./commits.js";
import type { CursorRange, Person } from "./people.js";

/** What is known of one tab of somebody else. */
interface Known {
  /** As the server told it; the cursor brought up to date. */
  readonly entry: PresenceEntry;
  readonly cursor: Cursor | null;
  /** By the clock of this client, in milliseconds. */
  readonly active: number;
}

/** A person whose last activity is newer by less than this (ms) is shown as before. */
const SAME_MOMENT = 1000;

/** Everybody else in a document, as the server tells, and as the commits have moved them since (P2, P4). */
export class Others {
  readonly #me: Pick<Replica, "client">;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  /** What stands for a tab in `moved`. */
  readonly #numbers = new Map<number, string>();
  readonly #commits = new Commits();
  #shown: readonly Person[] = [];
  #own: PresenceEntry | undefined;

  /** @param me who is not one of the others; their client may be another one after the replica was restored */
  constructor(me: Pick<Replica, "client">, clock: Clock) {
    this.#me = me;
    this.#clock = clock;
  }

  /** As `show` made them last. */
  get shown(): readonly Person[] {
    return this.#shown;
  }

  /** Mine, as the server told it to the others; undefined while it has not. */
  get ownColour(): string | undefined {
    const colour = this.#own?.colour;
    return colour === undefined ? undefined : PALETTE[colour % PALETTE.length];
  }

  /** My id; undefined while the server has not said. */
  get ownUser(): string | undefined {
    return this.#own?.user.id;
  }

  received({ entries, moved, all }: Pick<PresenceMessage, "entries" | "moved" | "all">): void {
    if (all === true) this.clear();
    for (const entry of entries) this.#tell(entry);
    if (moved !== undefined) this.#move(moved.version, moved.cursors);
  }

  committed(commit: Commit): void {
    this.#commits.add(commit);
    for (const [client, known] of this.#known) {
      const cursor = known.cursor && moveCursor(known.cursor, client, commit);
      const active = client === commit.client ? this.#clock.now() : known.active;
      if (cursor !== known.cursor || active !== known.active) this.#known.set(client, { ...known, cursor, active });
    }
  }

  /** Nothing is known of anybody any more. */
  clear(): void {
    this.#known.clear();
    this.#numbers.clear();
  }

  /**
   * @param visible the position in what is seen here of one in the text of the newest version
   * @returns whether `shown` is another one now
   */
  show(visible: (position: number) => number): boolean {
    const before = new Map(this.#shown.map((person) => [person.client, person]));
    const shown = [...this.#known.values()].map((known) => {
      const person = asPerson(known, visible);
      const old = before.get(person.client);
      return old !== undefined && looksTheSame(old, person) ? old : person;
    });
    if (shown.length === this.#shown.length && shown.every((person, index) => person === this.#shown[index]))
      return false;
    this.#shown = shown;
    return true;
  }

  #tell(entry: PresenceEntry): void {
    const { client, cursor, gone, number, active = 0 } = entry;
    if (client === this.#me.client) {
      if (gone !== true) this.#own = entry;
      return;
    }
    if (gone === true) {
      this.#known.delete(client);
      return;
    }
    if (number !== undefined) this.#numbers.set(number, client);
    const current = cursor && this.#commits.catchUp(client, cursor);
    this.#known.set(client, { entry, cursor: current, active: this.#clock.now() - active });
  }

  /** @param cursors number, anchor and head, one after the other */
  #move(version: number, cursors: readonly number[]): void {
    for (let index = 0; index + 2 < cursors.length; index += 3) {
      const [number = 0, anchor = 0, head = 0] = cursors.slice(index, index + 3);
      const client = this.#numbers.get(number);
      const known = client === undefined ? undefined : this.#known.get(client);
      // Whoever left, or is not told here.
      if (client === undefined || known === undefined) continue;
      const cursor = this.#commits.catchUp(client, { anchor, head, version });
      this.#known.set(client, { ...known, cursor, active: this.#clock.now() });
    }
  }
}

function asPerson({ entry, cursor, active }: Known, visible: (position: number) => number): Person {
  const { client, user, activity = "editing", device, colour } = entry;
  return {
    ...{ client, user, activity, active },
    colour: (colour === undefined ? undefined : PALETTE[colour % PALETTE.length]) ?? colourOf(user.id),
    cursor: cursor && { anchor: visible(cursor.anchor), head: visible(cursor.head) },
    ...(device && { device }),
  };
}

const looksTheSame = (one: Person, other: Person): boolean =>
  one.user.id === other.user.id &&
  one.user.name === other.user.name &&
  one.colour === other.colour &&
  one.activity === other.activity &&
  one.device === other.device &&
  Math.abs(other.active - one.active) < SAME_MOMENT &&
  sameCursor(one.cursor, other.cursor);

/** Of cursors of one version. */
export const sameCursor = (one: CursorRange | null, other: CursorRange | null): boolean =>
  one?.anchor === other?.anchor && one?.head === other?.head;
