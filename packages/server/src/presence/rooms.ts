import type { Clock, PresenceEntry, Random } from "@tutti/protocol";
import type { PresenceObserver } from "../metrics/presence-observer.js";
import type { CommittedOperation } from "./carry.js";
import type { DocumentHistory } from "./cursors.js";
import type { PresenceRules } from "./defaults.js";
import type { PresenceParticipant, PresenceState } from "./presence-state.js";
import { type Member, Room } from "./room.js";
import { Telling } from "./telling.js";

export interface RoomsEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: PresenceObserver;
  readonly rules: PresenceRules;
  /** What is known of a document. */
  readonly history: (document: string) => DocumentHistory;
  /** False while there is too much to do for presence (S7). */
  readonly allowed: () => boolean;
}

interface OpenRoom {
  readonly room: Room;
  readonly telling: Telling;
}

/** Presence in all documents, as long as nothing in it fails: see `PresenceService`. */
export class Rooms {
  readonly #env: RoomsEnvironment;
  readonly #rooms = new Map<string, OpenRoom>();
  #clients = 0;
  #cleaning = false;

  constructor(env: RoomsEnvironment) {
    this.#env = env;
  }

  /** @param knowsAll the client was told of everybody with the answer to `open` */
  enter(document: string, state: PresenceState, knowsAll: boolean): void {
    const open = this.#rooms.get(document) ?? this.#open(document);
    this.#change(open, () => open.room.enter(state, knowsAll));
    open.telling.plan();
    this.#planCleanUp();
  }

  leave(document: string, participant: PresenceParticipant): void {
    this.#withMember(document, participant, (member, open) => {
      this.#change(open, () => open.room.leave(member));
      if (open.room.size > 0) open.telling.plan();
      else this.#close(document, open);
    });
  }

  /** Its participant said something. */
  moved(document: string, participant: PresenceParticipant): void {
    this.#withMember(document, participant, (member, { room, telling }) => {
      this.#env.observer.dropped(room.moved(member));
      telling.plan();
    });
  }

  /** Something was heard of its connection, after a long silence. */
  heard(document: string, participant: PresenceParticipant): void {
    this.#withMember(document, participant, (member, { room, telling }) => {
      member.stale = false;
      room.update(member);
      telling.plan();
    });
  }

  /** Its place or its role may have changed. */
  placed(document: string, participant: PresenceParticipant): void {
    this.#withMember(document, participant, (member, { room, telling }) => {
      room.update(member);
      telling.plan();
    });
  }

  /** To be called after each commit; short, because an edit is on its way. */
  committed(document: string, operations: readonly CommittedOperation[]): void {
    const open = this.#rooms.get(document);
    if (open === undefined) return;
    if (open.room.committed(operations, this.#env.clock.now())) open.telling.plan();
  }

  /** Those who view are about to be brought to the newest version, all together. */
  roundBegins(document: string): void {
    this.#rooms.get(document)?.telling.roundBegins();
  }

  /** Everybody whom somebody who opens the document may see. */
  entries(document: string, participant: PresenceParticipant): readonly PresenceEntry[] {
    return this.#rooms.get(document)?.room.entriesFor(participant, this.#env.clock.now()) ?? [];
  }

  #withMember(
    document: string,
    participant: PresenceParticipant,
    task: (member: Member, open: OpenRoom) => void,
  ): void {
    const open = this.#rooms.get(document);
    const member = open?.room.member(participant);
    if (open !== undefined && member !== undefined) task(member, open);
  }

  #open(document: string): OpenRoom {
    const { random, history, rules } = this.#env;
    const room = new Room({ random, history: history(document), sample: rules.sample });
    const open = { room, telling: new Telling(document, room, this.#env) };
    this.#rooms.set(document, open);
    return open;
  }

  #close(document: string, { telling }: OpenRoom): void {
    telling.stop();
    this.#rooms.delete(document);
    this.#observeSize();
  }

  #change({ room }: OpenRoom, task: () => void): void {
    const before = room.size;
    task();
    this.#clients += room.size - before;
    this.#observeSize();
  }

  #observeSize(): void {
    this.#env.observer.size(this.#rooms.size, this.#clients);
  }

  #planCleanUp(): void {
    if (this.#cleaning) return;
    this.#cleaning = true;
    this.#env.clock.schedule(this.#env.rules.cleanUp, () => {
      this.#cleaning = false;
      for (const open of this.#rooms.values()) this.#cleanUp(open);
      if (this.#rooms.size > 0) this.#planCleanUp();
    });
  }

  /** Who has not been heard of for long is not shown any more (P3). */
  #cleanUp({ room, telling }: OpenRoom): void {
    const oldest = this.#env.clock.now() - this.#env.rules.stale;
    for (const member of room.members()) {
      if (member.stale || member.state.participant.lastHeard >= oldest) continue;
      member.stale = true;
      room.update(member);
      telling.plan();
    }
  }
}
