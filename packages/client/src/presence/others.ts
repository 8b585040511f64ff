import type { Clock, PresenceEntry, Presence as PresenceMessage } from "@tutti/protocol";
import { PALETTE } from "../colour.js";
import type { Replica } from "../document/replica.js";
import { type Commit, Commits } from "./commits.js";
import type { Person } from "./people.js";
import { Tab } from "./tab.js";

/** Everybody else in a document, as the server tells, and as the commits have moved them since (P2, P4). */
export class Others {
  readonly #me: Pick<Replica, "client">;
  readonly #clock: Clock;
  readonly #tabs = new Map<string, Tab>();
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
    const before = new Map(this.#tabs);
    if (all === true) this.clear();
    for (const entry of entries) this.#tell(entry, before.get(entry.client));
    if (moved !== undefined) this.#move(moved.version, moved.cursors);
  }

  committed(commit: Commit): void {
    this.#commits.add(commit);
    const now = this.#clock.now();
    for (const tab of this.#tabs.values()) tab.committed(commit, now);
  }

  /** Nothing is known of anybody any more. */
  clear(): void {
    this.#tabs.clear();
    this.#numbers.clear();
  }

  /**
   * @param visible the position in what is seen here of one in the text of the newest version
   * @returns whether `shown` is another one now
   */
  show(visible: (position: number) => number): boolean {
    const before = this.#shown;
    const shown: Person[] = [];
    for (const tab of this.#tabs.values()) shown.push(tab.show(visible));
    if (shown.length === before.length && shown.every((person, index) => person === before[index])) return false;
    this.#shown = shown;
    return true;
  }

  #tell(entry: PresenceEntry, before: Tab | undefined): void {
    const { client, cursor, gone, number, active = 0 } = entry;
    if (client === this.#me.client) {
      if (gone !== true) this.#own = entry;
      return;
    }
    if (gone === true || number !== undefined) this.#forgetNumber(client, before);
    if (gone === true) {
      this.#tabs.delete(client);
      return;
    }
    if (number !== undefined) this.#numbers.set(number, client);
    const current = cursor && this.#commits.catchUp(client, cursor);
    this.#tabs.set(client, new Tab(entry, current, this.#clock.now() - active, before));
  }

  /** People come and go all day, and each time they get another one. */
  #forgetNumber(client: string, tab: Tab | undefined): void {
    const number = tab?.number;
    if (number !== undefined && this.#numbers.get(number) === client) this.#numbers.delete(number);
  }

  /** @param cursors number, anchor and head, one after the other */
  #move(version: number, cursors: readonly number[]): void {
    const now = this.#clock.now();
    for (let index = 0; index + 2 < cursors.length; index += 3) {
      const [number = 0, anchor = 0, head = 0] = cursors.slice(index, index + 3);
      const client = this.#numbers.get(number) ?? "";
      // Whoever left, or is not told here, moves nothing.
      this.#tabs.get(client)?.moved(this.#commits.catchUp(client, { anchor, head, version }), now);
    }
  }
}
