import type { Clock, PresenceEntry, Random } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { Log } from "../log.js";
import type { PresenceObserver } from "../metrics/presence-observer.js";
import type { CommittedOperation } from "./carry.js";
import type { DocumentHistory } from "./cursors.js";
import type { PresenceSettings } from "./defaults.js";
import { type Attendee, Guest, type Statement } from "./guest.js";
import { Rooms, type RoomsEnvironment } from "./rooms.js";
import { Supervisor } from "./supervisor.js";

export interface PresenceEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observer: PresenceObserver;
  readonly settings: PresenceSettings;
  /** What is known of a document. */
  readonly history: (document: string) => DocumentHistory;
  /** False while there is too much to do for presence (S7). */
  readonly allowed: () => boolean;
}

/** What does the work, as long as it doesn't fail; tests put in one that does. */
export type RoomsFactory = (env: RoomsEnvironment) => Rooms;

/**
 * Who is here and where (P1–P5): kept in memory only, told on a tick with the latest value, apart from edits. Nothing
 * that goes wrong in it is felt by anybody else: no method throws. After a failure everybody is told that presence is not
 * available, and when it works again, of everybody who is there.
 *
 * What must outlive a failure is here, and as little as possible: who is in which document, and how they want to be
 * seen. Everything else is in `Rooms`, which may fail at any time.
 */
export class PresenceService {
  readonly #env: PresenceEnvironment;
  readonly #guests = new Map<string, Map<Participant, Guest>>();
  /** undefined: presence is switched off. */
  readonly #supervisor: Supervisor<Rooms> | undefined;
  /** In which life of the rooms somebody was told of everybody. */
  readonly #informed = new WeakMap<Attendee, number>();

  constructor(env: PresenceEnvironment, createRooms: RoomsFactory = (inside) => new Rooms(inside)) {
    this.#env = env;
    const { settings, observer } = env;
    observer.up(settings.enabled);
    if (!settings.enabled) return;
    this.#supervisor = new Supervisor(
      { ...env, rules: settings },
      {
        start: (clock) => createRooms({ ...env, clock, rules: settings }),
        restarted: (rooms) => this.#enterAgain(rooms),
        failed: () => this.#tellUnavailable(),
      },
    );
  }

  get available(): boolean {
    return (this.#supervisor?.life ?? 0) > 0;
  }

  /** Time (ms) without a word after which a connection that speaks again is to be announced with `heard`. */
  get stale(): number {
    return this.#env.settings.stale;
  }

  /** Moves in one second that are taken of one connection. */
  get moves(): number {
    return this.#env.settings.moves;
  }

  /** Somebody has a document open, and was sent the answer to that. */
  join(document: string, attendee: Attendee): void {
    const guest = new Guest(attendee, this.#env.clock.now());
    const guests = this.#guests.get(document) ?? new Map<Participant, Guest>();
    this.#guests.set(document, guests.set(attendee, guest));
    const life = this.#supervisor?.life;
    const knowsAll = life !== undefined && this.#informed.get(attendee) === life;
    this.#supervisor?.run((rooms) => rooms.enter(document, guest, knowsAll));
    if (!this.available) this.#send(attendee, unavailable(document));
  }

  leave(document: string, attendee: Attendee): void {
    const guests = this.#guests.get(document);
    if (guests?.delete(attendee) !== true) return;
    if (guests.size === 0) this.#guests.delete(document);
    this.#supervisor?.run((rooms) => rooms.leave(document, attendee));
  }

  /** Somebody says where they are. A cursor of a version that is not known (any more) is dropped: the next one comes soon. */
  move(document: string, attendee: Attendee, statement: Statement): void {
    const guest = this.#guests.get(document)?.get(attendee);
    if (guest === undefined) return;
    guest.says(statement, this.#env.clock.now());
    this.#env.observer.moved();
    this.#supervisor?.run((rooms) => rooms.moved(document, attendee));
  }

  /** A move was left out, because a later one came before its turn. */
  skipped(): void {
    this.#env.observer.moved();
    this.#env.observer.dropped(1);
  }

  /** A connection speaks again after a time in which others may have lost sight of it. */
  heard(document: string, attendee: Attendee): void {
    this.#supervisor?.run((rooms) => rooms.heard(document, attendee));
  }

  /** The place or the role of somebody who is here has changed. */
  placed(document: string, participant: Participant): void {
    const guest = this.#guests.get(document)?.get(participant);
    if (guest !== undefined) this.#supervisor?.run((rooms) => rooms.placed(document, guest.attendee));
  }

  /** To be called after each commit. It is short: an edit does not wait for presence. */
  committed(document: string, operations: readonly CommittedOperation[]): void {
    this.#supervisor?.run((rooms) => rooms.committed(document, operations));
  }

  /** Those who view a document are about to be brought to its newest version, all together. */
  roundBegins(document: string): void {
    this.#supervisor?.run((rooms) => rooms.roundBegins(document));
  }

  /** Everybody whom somebody may see who opens a document, for the answer to that. */
  entries(document: string, attendee: Attendee): readonly PresenceEntry[] {
    const entries = this.#supervisor?.run((rooms) => rooms.entries(document, attendee));
    if (entries !== undefined) this.#informed.set(attendee, this.#supervisor?.life ?? 0);
    return entries ?? [];
  }

  /** Fails as if something had been thrown inside: for tests and measurements. */
  fail(error: unknown = new Error("failed on purpose")): void {
    this.#supervisor?.fail(error);
  }

  /** Says nothing any more. */
  stop(): void {
    this.#supervisor?.stop();
  }

  #enterAgain(rooms: Rooms): void {
    for (const [document, guests] of this.#guests) {
      for (const guest of guests.values()) {
        rooms.enter(document, guest, false);
        rooms.moved(document, guest.attendee);
      }
    }
  }

  #tellUnavailable(): void {
    for (const [document, guests] of [...this.#guests]) {
      const message = unavailable(document);
      for (const { attendee } of [...guests.values()]) this.#send(attendee, message);
    }
  }

  /** What goes wrong with one receiver concerns nobody else. */
  #send(attendee: Attendee, message: SharedMessage): void {
    try {
      attendee.send(message);
    } catch (error) {
      this.#supervisor?.fail(error);
    }
  }
}

const unavailable = (document: string): SharedMessage =>
  new SharedMessage({ type: "presence", document, entries: [], available: false });
