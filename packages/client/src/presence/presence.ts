import { type Operation, transformPosition } from "@tutti/ot";
import type { Clock, Cursor, Presence as PresenceMessage } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import type { Commit } from "./commits.js";
import { gather } from "./gather.js";
import { Others } from "./others.js";
import { type Activity, OwnCursor } from "./own-cursor.js";
import type { CursorRange, Person, PersonPresent } from "./people.js";

/** From one move to the next while few people edit, in milliseconds, and while more do (P3). */
const PAUSE = { few: 500, many: 100 } as const;
/** People who edit, myself included, of whom there are no few any more. */
const MANY = 3;

/** What presence needs of its document. */
export interface PresenceOptions {
  readonly replica: Replica;
  readonly clock: Clock;
  activity(): Activity;
  /** Tells the others where I am. */
  send(cursor: Cursor | null, activity: Activity): void;
  /** `others`, `colour` or `available` has changed. */
  changed(): void;
}

/** What the server tells of who is here. */
export type Told = Omit<PresenceMessage, "type" | "document">;

/**
 * Who else is in a document, and where I am (P2). On the wire a position belongs to a version of the server; here it
 * is mapped to and from what the person sees, through the pending edits. Between two messages everybody moves
 * everybody's cursor over the commits by one rule: an author's own text pushes the author's cursor along, other
 * people's text does not. So a move is sent only when that rule does not lead to where I really am.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #others: Others;
  readonly #own: OwnCursor;
  #people: readonly PersonPresent[] | undefined;
  #available = true;
  /** What was told last, of what is not the others. */
  #shown: { readonly available: boolean; readonly colour: string | undefined } = { available: true, colour: undefined };
  #live = false;
  /** Something happened since the others were shown last. */
  #stirred = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#others = new Others(options.replica, options.clock);
    this.#own = new OwnCursor({ ...options, pause: () => this.#pause() });
  }

  get others(): readonly Person[] {
    return this.#others.shown;
  }

  get people(): readonly PersonPresent[] {
    this.#people ??= gather(this.others);
    return this.#people;
  }

  get colour(): string | undefined {
    return this.#others.ownColour;
  }

  get available(): boolean {
    return this.#available;
  }

  setCursor(cursor: CursorRange | null): void {
    this.#own.set(cursor);
  }

  received(told: Told): void {
    this.#stirred = true;
    this.#available = told.available ?? this.#available;
    if (told.available === false) this.#others.clear();
    else this.#others.received(told);
  }

  committed(commit: Commit): void {
    this.#stirred = true;
    this.#others.committed(commit);
    this.#own.committed(commit);
  }

  textChanged(delta: Operation, origin: "local" | "remote"): void {
    this.#stirred = true;
    this.#own.textChanged(delta, origin);
  }

  /** After every event: shows the others where they are now, and tells them where I am. */
  settled(live: boolean): void {
    if (this.#live && !live) {
      this.#stirred = true;
      this.#others.clear();
    }
    this.#live = live;
    if (this.#stirred) this.#show();
    this.#own.settled(live);
  }

  /** How the others see me is another one: they are told at once (P5). */
  announce(): void {
    this.#own.announce(true);
  }

  #show(): void {
    this.#stirred = false;
    const moved = this.#others.show((position) => this.#visiblePosition(position));
    const { available, colour } = this;
    if (!moved && this.#shown.available === available && this.#shown.colour === colour) return;
    this.#shown = { available, colour };
    this.#people = undefined;
    this.#options.changed();
  }

  #pause(): number {
    const { ownUser } = this.#others;
    const others = this.people.filter(({ user, activity }) => activity === "editing" && user.id !== ownUser).length;
    const me = this.#options.activity() === "editing" ? 1 : 0;
    return others + me < MANY ? PAUSE.few : PAUSE.many;
  }

  #visiblePosition(position: number): number {
    const { base, pending } = this.#options.replica;
    // A position of a version that is still to come may lie behind the end of this one.
    const known = Math.min(position, base.length);
    return pending.reduce((moved, operation) => transformPosition(operation, moved, "left"), known);
  }
}
