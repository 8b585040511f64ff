import { basePosition, type Operation, transformPosition } from "@tutti/ot";
import type { Cancel, Clock, Cursor, PresenceEntry, Visibility } from "@tutti/protocol";
import { colourOf } from "../colour.js";
import type { Replica } from "../document/replica.js";
import { Emitter } from "../emitter.js";
import { gather } from "./gather.js";
import type { Person, PersonPresent, PresenceHandle } from "./people.js";

type Selection = NonNullable<Person["cursor"]>;
/** What leads from version `from` to `version`; one version, or several as one. */
interface Commit {
  readonly from: number;
  readonly version: number;
  readonly client: string;
  readonly operation: Operation;
}

/** At most 10 moves a second (P3). */
const SHORTEST_PAUSE = 100;
/** Newest commits kept, to bring positions of older versions up to date. */
const REMEMBERED_COMMITS = 200;

/**
 * Who else is in a document, and where I am (P2). On the wire a position belongs to a version of the server; here it
 * is mapped to and from what the person sees, through the pending edits. Between two messages everybody moves
 * everybody's cursor over the commits by one rule: an author's own text pushes the author's cursor along, other
 * people's text does not. So a move is sent only when that rule does not lead to where I really am.
 */
export class Presence implements PresenceHandle {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #send: (cursor: Cursor | null) => void;
  readonly #rouse: () => void;
  readonly #emitter = new Emitter<{ change: readonly Person[] }>();
  readonly #entries = new Map<string, Omit<PresenceEntry, "active"> & { readonly active: number }>();
  readonly available: boolean = true;
  visibility: Visibility = "named";
  #shown: readonly Person[] = [];
  #commits: Commit[] = [];
  /** Where I am in what I see. */
  #own: Selection | null = null;
  /** Where the others take me to be, at the version of the replica. */
  #announced: Cursor | null = null;
  #live = false;
  #lastSent = Number.NEGATIVE_INFINITY;
  #trailing: Cancel | undefined;

  /** @param rouse told that the person does something, while nobody else can see it */
  constructor(replica: Replica, clock: Clock, send: (cursor: Cursor | null) => void, rouse: () => void = () => {}) {
    this.#replica = replica;
    this.#clock = clock;
    this.#send = send;
    this.#rouse = rouse;
  }

  get others(): readonly Person[] {
    return this.#shown;
  }

  get people(): readonly PersonPresent[] {
    return gather(this.#shown);
  }

  setCursor(cursor: Selection | null): void {
    this.#own = cursor;
    if (!this.#live && cursor !== null) this.#rouse();
    this.#announce();
  }

  on(event: "change", listener: (others: readonly Person[]) => void): Cancel {
    return this.#emitter.on(event, listener);
  }

  /** @param all true when these are all there are; false when only what changed */
  received(entries: readonly PresenceEntry[], all: boolean): void {
    if (all) this.#entries.clear();
    for (const entry of entries) {
      const { client, cursor, gone, active = 0 } = entry;
      if (client === this.#replica.client) continue;
      if (gone === true) this.#entries.delete(client);
      else {
        const current = cursor && this.#catchUp(client, cursor);
        this.#entries.set(client, { ...entry, active: this.#clock.now() - active, cursor: current });
      }
    }
  }

  committed(commit: Commit): void {
    this.#commits.push(commit);
    // Twice the number before cutting, so that the cost of a cut is spread.
    if (this.#commits.length > 2 * REMEMBERED_COMMITS) this.#commits = this.#commits.slice(-REMEMBERED_COMMITS);
    this.#announced = this.#announced && moveCursor(this.#announced, this.#replica.client, commit);
    for (const [client, entry] of this.#entries) {
      if (entry.cursor) this.#entries.set(client, { ...entry, cursor: moveCursor(entry.cursor, client, commit) });
    }
  }

  /** What I see changed: my cursor moves with my own text, and stays in front of other people's. */
  textChanged(delta: Operation, origin: "local" | "remote"): void {
    if (this.#own === null) return;
    const bias = origin === "local" ? "right" : "left";
    const { anchor, head } = this.#own;
    this.#own = { anchor: transformPosition(delta, anchor, bias), head: transformPosition(delta, head, bias) };
  }

  /** After every event: shows the others where they are now, and tells them where I am. */
  settled(live: boolean): void {
    if (this.#live && !live) this.#lost();
    this.#live = live;
    this.#show();
    this.#announce();
  }

  #lost(): void {
    this.#entries.clear();
    this.#announced = null;
    this.#trailing?.();
    this.#trailing = undefined;
  }

  #catchUp(client: string, cursor: Cursor): Cursor {
    return this.#commits.reduce((moved, commit) => moveCursor(moved, client, commit), cursor);
  }

  #show(): void {
    const shown = [...this.#entries].map(([client, { user, cursor, active, activity = "editing", device }]) => ({
      client,
      user,
      colour: colourOf(user.id),
      active,
      activity,
      device,
      cursor: cursor && { anchor: this.#visiblePosition(cursor.anchor), head: this.#visiblePosition(cursor.head) },
    }));
    if (samePeople(shown, this.#shown)) return;
    this.#shown = shown;
    this.#emitter.emit("change", shown);
  }

  #announce(): void {
    if (!this.#live || this.#trailing !== undefined || this.#isAnnounced()) return;
    const pause = this.#lastSent + SHORTEST_PAUSE - this.#clock.now();
    if (pause > 0) {
      this.#trailing = this.#clock.schedule(pause, () => {
        this.#trailing = undefined;
        this.#announce();
      });
      return;
    }
    this.#lastSent = this.#clock.now();
    this.#announced = this.#ownCursor();
    this.#send(this.#announced);
  }

  #isAnnounced(): boolean {
    const own = this.#ownCursor();
    return own?.anchor === this.#announced?.anchor && own?.head === this.#announced?.head;
  }

  #ownCursor(): Cursor | null {
    if (this.#own === null) return null;
    const { anchor, head } = this.#own;
    return { anchor: this.#serverPosition(anchor), head: this.#serverPosition(head), version: this.#replica.version };
  }

  #serverPosition(position: number): number {
    return this.#replica.pending.reduceRight((moved, operation) => basePosition(operation, moved), position);
  }

  #visiblePosition(position: number): number {
    // A position of a version that is still to come may lie behind the end of this one.
    const known = Math.min(position, this.#replica.base.length);
    return this.#replica.pending.reduce((moved, operation) => transformPosition(operation, moved, "left"), known);
  }
}

/** A cursor of `client` after a commit; one that belongs to an older or newer version stays as it is. */
function moveCursor(cursor: Cursor, client: string, { from, version, client: author, operation }: Commit): Cursor {
  if (cursor.version < from || cursor.version >= version) return cursor;
  // From amid several versions that came as one, nobody can tell where it went; it goes on from there.
  if (cursor.version > from) return { ...cursor, version };
  const bias = author === client ? "right" : "left";
  return {
    anchor: transformPosition(operation, cursor.anchor, bias),
    head: transformPosition(operation, cursor.head, bias),
    version,
  };
}

function samePeople(a: readonly Person[], b: readonly Person[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((person, index) => {
    const other = b[index];
    return (
      person.client === other?.client &&
      person.user.name === other.user.name &&
      person.cursor?.anchor === other.cursor?.anchor &&
      person.cursor?.head === other.cursor?.head
    );
  });
}
