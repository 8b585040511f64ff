import { type Cancel, type Clock, TuttiError } from "@tutti/protocol";
import { mayEdit } from "../access/roles.js";
import type { Place } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { AttendedDocument, Attendee } from "./attendee.js";
import type { CrowdRules } from "./defaults.js";
import { Notices } from "./notices.js";
import { type Figures, Roll } from "./roll.js";
import type { RollEvent } from "./roll-events.js";

export interface RoomEnvironment {
  readonly clock: Clock;
  readonly rules: CrowdRules;
  /** Told when an attendee's place has changed after they had been let in. */
  readonly placed: (attendee: Attendee) => void;
  /** Told after each event. */
  readonly counted: (room: Room, before: Figures, after: Figures) => void;
  /** Nobody is here any more, and nothing is kept for anybody. */
  readonly emptied: (room: Room) => void;
}

/** One connection. */
interface Seat {
  readonly attendee: Attendee;
  /** `opened` was sent, so that it may be told more. */
  opened: boolean;
  /** The place that `opened` said. */
  shown: Place;
  /** What it was told last. */
  told: SharedMessage | undefined;
}

/** Everybody is told what has changed at most this often (milliseconds); whom a change concerns is told at once. */
const NOTICE_INTERVAL = 250;
/** In large crowds less often, so that there are at most 2,000 notices a second in one document. */
const INTERVAL_PER_SEAT = 0.5;
/** How often (ms) the time between two updates is looked at, which moves by itself. */
const UPDATES_LOOK = 1000;

/** The attendance of one document that somebody has open: brings what the roll decides to those whom it concerns. */
export class Room {
  readonly document: string;
  readonly roll: Roll;
  readonly #env: RoomEnvironment;
  readonly #notices: Notices;
  readonly #seats = new Map<Attendee, Seat>();
  /** Connections of each person. */
  readonly #byPerson = new Map<string, Set<Seat>>();
  /** Names of those who are here, and of those who were and may edit in moderated mode. */
  readonly #names = new Map<string, string>();
  #actor: AttendedDocument;
  #crowded = false;
  #noticed = Number.NEGATIVE_INFINITY;
  #nextNotice: Cancel | undefined;
  #nextLook: Cancel | undefined;
  #stale = true;
  /** Grants stored so far: whoever read one before must read it again. */
  namings = 0;

  constructor(actor: AttendedDocument, env: RoomEnvironment) {
    this.document = actor.record.id;
    this.#env = env;
    this.#actor = actor;
    this.roll = new Roll(env.rules);
    this.#notices = new Notices(this.document, this.roll, (id) => this.#names.get(id) ?? id);
  }

  /** Somebody comes; their place is decided. They are told nothing before `opened`. */
  arrive(attendee: Attendee, actor: AttendedDocument, named: boolean): void {
    const { user, role } = attendee;
    const seat: Seat = { attendee, opened: false, shown: "viewing", told: undefined };
    this.#seats.set(attendee, seat);
    this.#names.set(user.id, user.name);
    const seats = this.#byPerson.get(user.id) ?? new Set();
    this.#byPerson.set(user.id, seats.add(seat));
    this.#meet(actor);
    this.apply({ kind: "arrive", user, role, named: named && mayEdit(role) });
    attendee.place = this.roll.person(user.id)?.place ?? "viewing";
    seat.shown = attendee.place;
  }

  /** The answer to their `open` is on its way: from now on they are told of every change. */
  opened(attendee: Attendee): void {
    const seat = this.#seats.get(attendee);
    if (seat === undefined) return;
    seat.opened = true;
    if (!this.#tell(seat)) this.#planNotice();
  }

  /** @param lost not by their wish: what they have is kept for a while */
  leave(attendee: Attendee, lost: boolean): void {
    const seat = this.#seats.get(attendee);
    if (seat === undefined) return;
    const { id } = attendee.user;
    this.#seats.delete(attendee);
    const seats = this.#byPerson.get(id);
    seats?.delete(seat);
    if (seats?.size === 0) {
      this.#byPerson.delete(id);
      if (!this.roll.isNamed(id)) this.#names.delete(id);
    }
    this.apply({ kind: "leave", user: id, lost });
  }

  /**
   * Something happens: places change at once, whom it concerns is told at once, the others soon.
   * @param by the id of whoever asked for it: they are told how things stand, even if nothing has changed
   */
  apply(event: RollEvent, by?: string): void {
    const before = this.roll.figures;
    const changed = this.roll.apply(event, this.#env.clock.now());
    const after = this.roll.figures;
    this.#stale = true;
    this.#crowd(after.crowded);
    const seats = [...changed].flatMap((id) => [...(this.#byPerson.get(id) ?? [])]);
    for (const seat of seats) this.#place(seat);
    this.#env.counted(this, before, after);
    for (const seat of seats) if (seat.attendee.user.id !== by) this.#tell(seat);
    if (by !== undefined) this.answer(by);
    this.#planNotice();
    this.#planLook();
    if (this.#seats.size === 0 && this.roll.isEmpty) this.end();
  }

  /** Tells this person how things stand, though nothing has changed: the answer to what they asked for. */
  answer(id: string): void {
    for (const seat of this.#byPerson.get(id) ?? []) {
      seat.told = undefined;
      if (!this.#tell(seat)) this.#planNotice();
    }
  }

  end(): void {
    this.#nextNotice?.();
    this.#nextLook?.();
    this.#nextNotice = undefined;
    this.#nextLook = undefined;
    this.#env.emptied(this);
  }

  /** The document may have been loaded anew meanwhile. */
  #meet(actor: AttendedDocument): void {
    if (this.#actor !== actor && this.#crowded) this.#tellInRounds(actor, true);
    this.#actor = actor;
    const moderated = actor.record.moderated === true;
    if (moderated === (this.roll.mode === "moderated")) return;
    this.apply({ kind: "moderate", moderated, named: this.roll.named });
  }

  #crowd(crowded: boolean): void {
    if (crowded === this.#crowded) return;
    this.#crowded = crowded;
    this.#tellInRounds(this.#actor, crowded);
  }

  #tellInRounds(actor: AttendedDocument, rounds: boolean): void {
    const { updates, slowestUpdates } = this.#env.rules;
    actor.crowd(rounds ? updates : undefined, slowestUpdates);
  }

  #place({ attendee }: Seat): void {
    const place = this.roll.person(attendee.user.id)?.place ?? "viewing";
    if (attendee.place === place) return;
    attendee.place = place;
    this.#actor.placed(attendee);
    this.#env.placed(attendee);
  }

  /** @returns false when there was no room: it is to be tried again */
  #tell(seat: Seat): boolean {
    const { attendee } = seat;
    if (!seat.opened || this.#seats.get(attendee) !== seat) return true;
    if (!attendee.attends) {
      if (mayEdit(attendee.role) && attendee.place !== seat.shown) attendee.send(this.#openAgain());
      return true;
    }
    if (this.#stale) this.#notices.renew(this.#actor.updates);
    this.#stale = false;
    const message = this.#notices.for(attendee.user.id);
    if (message === seat.told) return true;
    if (!attendee.hasRoom) return false;
    seat.told = message;
    attendee.send(message);
    return true;
  }

  /** What a client that does not know of places understands: opening again, it is told its new one as a role. */
  #openAgain(): SharedMessage {
    const error = new TuttiError("shutting_down", "your place has changed; open the document again", 0).toData();
    return new SharedMessage({ type: "closed", document: this.document, error });
  }

  #planNotice(): void {
    if (this.#nextNotice !== undefined || this.#seats.size === 0) return;
    const { clock } = this.#env;
    const interval = Math.max(NOTICE_INTERVAL, this.#seats.size * INTERVAL_PER_SEAT);
    const delay = Math.max(0, this.#noticed + interval - clock.now());
    this.#nextNotice = clock.schedule(delay, () => this.#notice());
  }

  #notice(): void {
    this.#nextNotice = undefined;
    this.#noticed = this.#env.clock.now();
    this.#stale = true;
    let owing = false;
    for (const seat of [...this.#seats.values()]) owing = !this.#tell(seat) || owing;
    if (owing) this.#planNotice();
  }

  /** Time alone changes something: at the deadline of the roll, and while updates come in rounds. */
  #planLook(): void {
    this.#nextLook?.();
    this.#nextLook = undefined;
    const { clock } = this.#env;
    const { deadline } = this.roll;
    const untilDeadline = deadline === undefined ? undefined : Math.max(0, deadline - clock.now());
    const rounds = this.#crowded && this.#seats.size > 0 ? UPDATES_LOOK : undefined;
    const delay = untilDeadline === undefined ? rounds : Math.min(untilDeadline, rounds ?? untilDeadline);
    if (delay !== undefined) this.#nextLook = clock.schedule(delay, () => this.apply({ kind: "look" }));
  }
}
