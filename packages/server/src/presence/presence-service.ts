import type { Clock, PresenceEntry, Random } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { Log } from "../log.js";
import type { PresenceObserver } from "../metrics/presence-observer.js";
import type { CommittedOperation } from "./carry.js";
import type { DocumentHistory } from "./cursors.js";
import type { PresenceSettings } from "./defaults.js";
import { type PresenceParticipant, PresenceState, type Statement } from "./presence-state.js";
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
  readonly #states = new Map<string, Map<Participant, PresenceState>>();
  /** undefined: presence is switched off. */
  readonly #supervisor: Supervisor<Rooms> | undefined;
  /** In which life of the rooms somebody was told of everybody. */
  readonly #informed = new WeakMap<PresenceParticipant, number>();

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
  join(document: string, participant: PresenceParticipant): void {
    const state = new PresenceState(participant, this.#env.clock.now());
    const states = this.#states.get(document) ?? new Map<Participant, PresenceState>();
    this.#states.set(document, states.set(participant, state));
    const life = this.#supervisor?.life;
    const knowsAll = life !== undefined && this.#informed.get(participant) === life;
    this.#supervisor?.run((rooms) => rooms.enter(document, state, knowsAll));
    if (!this.available) this.#send(participant, unavailable(document));
  }

  leave(document: string, participant: PresenceParticipant): void {
    const states = this.#states.get(document);
    if (states?.delete(participant) !== true) return;
    if (states.size === 0) this.#states.delete(document);
    this.#supervisor?.run((rooms) => rooms.leave(document, participant));
  }

  /** Somebody says where they are. A cursor of a version that is not known (any more) is dropped: the next one comes soon. */
  move(document: string, participant: PresenceParticipant, statement: Statement): void {
    const state = this.#states.get(document)?.get(participant);
    if (state === undefined) return;
    state.says(statement, this.#env.clock.now());
    this.#env.observer.moved();
    this.#supervisor?.run((rooms) => rooms.moved(document, participant));
  }

  /** A move was left out, because a later one came before its turn. */
  skipped(): void {
    this.#env.observer.moved();
    this.#env.observer.dropped(1);
  }

  /** A connection speaks again after a time in which others may have lost sight of it. */
  heard(document: string, participant: PresenceParticipant): void {
    this.#supervisor?.run((rooms) => rooms.heard(document, participant));
  }

  /** The place or the role of somebody who is here has changed. */
  placed(document: string, participant: Participant): void {
    const state = this.#states.get(document)?.get(participant);
    if (state !== undefined) this.#supervisor?.run((rooms) => rooms.placed(document, state.participant));
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
  entries(document: string, participant: PresenceParticipant): readonly PresenceEntry[] {
    const entries = this.#supervisor?.run((rooms) => rooms.entries(document, participant));
    if (entries !== undefined) this.#informed.set(participant, this.#supervisor?.life ?? 0);
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
    for (const [document, states] of this.#states) {
      for (const state of states.values()) {
        rooms.enter(document, state, false);
        rooms.moved(document, state.participant);
      }
    }
  }

  #tellUnavailable(): void {
    for (const [document, states] of [...this.#states]) {
      const message = unavailable(document);
      for (const { participant } of [...states.values()]) this.#send(participant, message);
    }
  }

  /** What goes wrong with one receiver concerns nobody else. */
  #send(participant: PresenceParticipant, message: SharedMessage): void {
    try {
      participant.send(message);
    } catch (error) {
      this.#supervisor?.fail(error);
    }
  }
}

const unavailable = (document: string): SharedMessage =>
  new SharedMessage({ type: "presence", document, entries: [], available: false });
