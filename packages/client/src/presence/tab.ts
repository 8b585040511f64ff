import type { Cursor, PresenceEntry } from "@tutti/protocol";
import { colourOf, PALETTE } from "../colour.js";
import { type Commit, moveCursor } from "./commits.js";
import type { CursorRange, Person } from "./people.js";

/** A person whose last activity is newer by less than this (ms) is shown as before. */
const SAME_MOMENT = 1000;

/**
 * What is known of one tab of somebody else. It is looked at after every event, and there may be a hundred of them: so it
 * changes in place, and what is shown of it is made anew only where it looks different.
 */
export class Tab {
  readonly #entry: PresenceEntry;
  readonly #colour: string;
  #cursor: Cursor | null;
  /** By the clock of this client, in milliseconds. */
  #active: number;
  #shown: Person | undefined;

  /**
   * @param cursor of the entry, brought up to date
   * @param before the same tab, as it was told before: shown again where it looks the same
   */
  constructor(entry: PresenceEntry, cursor: Cursor | null, active: number, before: Tab | undefined) {
    this.#entry = entry;
    this.#colour = colourIn(entry);
    this.#cursor = cursor;
    this.#active = active;
    const old = before?.shown;
    if (old !== undefined && this.#isLike(old)) this.#shown = old;
  }

  /** What stands for it in `moved`; undefined: it is told in full. */
  get number(): number | undefined {
    return this.#entry.number;
  }

  /** As `show` made it last. */
  get shown(): Person | undefined {
    return this.#shown;
  }

  moved(cursor: Cursor, now: number): void {
    this.#cursor = cursor;
    this.#active = now;
  }

  committed(commit: Commit, now: number): void {
    const { client } = this.#entry;
    if (this.#cursor !== null) this.#cursor = moveCursor(this.#cursor, client, commit);
    if (client === commit.client) this.#active = now;
  }

  /**
   * @param visible the position in what is seen here of one in the text of the newest version
   * @returns the same object for as long as it looks the same
   */
  show(visible: (position: number) => number): Person {
    const anchor = this.#cursor === null ? undefined : visible(this.#cursor.anchor);
    const head = this.#cursor === null ? undefined : visible(this.#cursor.head);
    const old = this.#shown;
    const still = old?.cursor?.anchor === anchor && old?.cursor?.head === head;
    if (old !== undefined && still && Math.abs(this.#active - old.active) < SAME_MOMENT) return old;
    this.#shown = this.#person(anchor === undefined || head === undefined ? null : { anchor, head });
    return this.#shown;
  }

  #person(cursor: CursorRange | null): Person {
    const { client, user, activity = "editing", device } = this.#entry;
    const person = { client, user, colour: this.#colour, cursor, activity, active: this.#active };
    return device === undefined ? person : { ...person, device };
  }

  /** Besides the cursor and the time, which `show` compares. */
  #isLike({ user, colour, activity, device }: Person): boolean {
    const { user: told, activity: does = "editing", device: works } = this.#entry;
    const same = user.id === told.id && user.name === told.name && colour === this.#colour;
    return same && activity === does && device === works;
  }
}

/** By the index of the server, in which everybody has another one; by the id of the person alone where it says none. */
const colourIn = ({ user, colour }: PresenceEntry): string =>
  (colour === undefined ? undefined : PALETTE[colour % PALETTE.length]) ?? colourOf(user.id);
