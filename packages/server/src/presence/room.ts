import type { PresenceEntry, Random } from "@tutti/protocol";
import type { CommittedOperation } from "./carry.js";
import { Cursors, type DocumentHistory } from "./cursors.js";
import { entryOf } from "./face.js";
import { Faces } from "./faces.js";
import { isFor, NOTHING_TOLD } from "./news.js";
import type { PresenceParticipant, PresenceState } from "./presence-state.js";
import { seesViewers, sightOf } from "./sight.js";

/** Versions after which cursors are brought to the newest though nobody is told of them. */
const MOST_BEHIND = 200;

/** One client in a room, and what it was told. */
export interface Member {
  readonly state: PresenceState;
  /** Nothing was heard of its connection for a while. */
  stale: boolean;
  /** The moment up to which it was told. */
  told: number;
  /** Whether it was told of those who view. */
  toldOfViewers: boolean;
}

/** What a room needs of the outside. */
export interface RoomEnvironment {
  readonly random: Random;
  readonly history: DocumentHistory;
  /** Of those who view, so many are shown. */
  readonly sample: number;
}

/** Who is in one document, and where: what is known, without who is told of it when. */
export class Room {
  readonly faces: Faces;
  readonly history: DocumentHistory;
  readonly #cursors: Cursors;
  readonly #members = new Map<string, Member>();

  constructor({ random, history, sample }: RoomEnvironment) {
    this.faces = new Faces(sample, random);
    this.#cursors = new Cursors(this.faces, history);
    this.history = history;
  }

  get size(): number {
    return this.#members.size;
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  /** The member, unless a newer connection of the same client took its place. */
  member(participant: PresenceParticipant): Member | undefined {
    const member = this.#members.get(participant.client);
    return member?.state.participant === participant ? member : undefined;
  }

  /** @param knowsAll it was told of everybody with the answer to `open`; false: it knows nothing */
  enter(state: PresenceState, knowsAll: boolean): void {
    const { participant } = state;
    const older = this.#members.get(participant.client);
    if (older !== undefined) this.leave(older);
    const told = knowsAll ? this.faces.moment : NOTHING_TOLD;
    const member = { state, stale: false, told, toldOfViewers: seesViewers(participant) };
    this.#members.set(participant.client, member);
    this.update(member);
  }

  leave(member: Member): void {
    this.#members.delete(member.state.participant.client);
    this.#show(member.state, false);
  }

  /** Somebody said where they are, and how they want to be seen. @returns how many of their statements nobody will hear */
  moved(member: Member): number {
    this.update(member);
    const face = this.faces.of(member.state);
    return face !== undefined && this.#cursors.moved(face) ? 1 : 0;
  }

  /** How somebody is seen may have changed. */
  update(member: Member): void {
    this.#show(member.state, !member.stale);
  }

  /**
   * After a commit. Cursors are carried later, when somebody is told of them: an edit does not wait for that.
   * @returns true when there is something to tell
   */
  committed(operations: readonly CommittedOperation[], now: number): boolean {
    // Soon the way there is forgotten; and those who view don't see whose text carries whose cursor along.
    let changed = this.history.inRounds || this.#behind > MOST_BEHIND;
    for (const { client } of operations) {
      const member = this.#members.get(client);
      if (member === undefined) continue;
      const before = member.state.activity;
      member.state.edits(now);
      if (member.state.activity === before) continue;
      this.update(member);
      changed = true;
    }
    return changed;
  }

  /** Cursors are still on their way to the newest version. */
  get unfinished(): boolean {
    return this.#cursors.unfinished;
  }

  /** Brings all cursors to the newest version, and makes what has changed known. @returns how many moves were dropped */
  settle(): number {
    const dropped = this.#cursors.settle();
    this.faces.next();
    return dropped;
  }

  /** Everybody whom somebody may see, for the answer to their `open`. */
  entriesFor(participant: PresenceParticipant, now: number): readonly PresenceEntry[] {
    // What is brought to the newest version here is told to the others in the next round.
    this.#cursors.settle();
    const recipient = { sight: sightOf(participant, false), user: participant.user.id };
    return [...this.faces.all()].filter((face) => isFor(recipient, face)).map((face) => entryOf(face, now));
  }

  /** How many versions have come since `settle`. */
  get #behind(): number {
    return this.#cursors.behind(this.history.version ?? 0);
  }

  #show(state: PresenceState, present: boolean): void {
    const face = this.faces.of(state);
    const changed = this.faces.show(state, present);
    if (face !== undefined && this.faces.of(state) !== face) this.#cursors.forget(face);
    for (const shown of changed) {
      const newFace = this.faces.of(shown);
      if (newFace !== undefined) this.#cursors.moved(newFace);
    }
  }
}
