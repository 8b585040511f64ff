import { type Operation, transformPosition } from "@tutti/ot";
import type { Clock, Cursor, PresenceEntry } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";

/** A committed operation, as far as cursors care. */
interface CommittedOperation {
  readonly version: number;
  readonly client: string;
  readonly operation: Operation;
}

/** What the service needs to know of documents. */
export interface PresenceEnvironment {
  readonly clock: Clock;
  /** Operations after a version, where memory holds them. */
  readonly recentSince: (document: string, version: number) => readonly CommittedOperation[] | undefined;
}

interface Member {
  readonly participant: Participant;
  cursor: Cursor | null;
  /** Clients whose entries this one was not told of, because it had no room: the newest of each waits (S6). */
  readonly owed: Map<string, PresenceEntry>;
}

interface Room {
  readonly members: Map<string, Member>;
  /** Clients whose entry the others have not been told yet. */
  readonly changed: Map<string, PresenceEntry>;
  announcing: boolean;
}

/** Changes of this many milliseconds go out in one message. */
const TICK = 40;

/**
 * Who is here and where (P1, P2): kept in memory only, told on a tick with the latest value, apart from edits. Cursors
 * are carried over every commit, so that a newcomer gets them for the version it loads.
 */
export class PresenceService {
  readonly #env: PresenceEnvironment;
  readonly #rooms = new Map<string, Room>();

  constructor(env: PresenceEnvironment) {
    this.#env = env;
  }

  join(document: string, participant: Participant): void {
    const room = this.#rooms.get(document) ?? { members: new Map(), changed: new Map(), announcing: false };
    this.#rooms.set(document, room);
    room.members.set(participant.client, { participant, cursor: null, owed: new Map() });
    this.#announce(document, room, entryOf({ participant, cursor: null }));
  }

  leave(document: string, participant: Participant): void {
    const room = this.#rooms.get(document);
    if (room === undefined || room.members.get(participant.client)?.participant !== participant) return;
    room.members.delete(participant.client);
    if (room.members.size === 0) this.#rooms.delete(document);
    else this.#announce(document, room, { ...entryOf({ participant, cursor: null }), gone: true });
  }

  /** A cursor of a version that is too old to be carried over is dropped: the next one comes soon. */
  move(document: string, participant: Participant, cursor: Cursor | null): void {
    const room = this.#rooms.get(document);
    const member = room?.members.get(participant.client);
    if (room === undefined || member?.participant !== participant) return;
    const since = cursor === null ? [] : this.#env.recentSince(document, cursor.version);
    if (since === undefined) return;
    member.cursor = cursor === null ? null : carry(cursor, participant.client, since);
    this.#announce(document, room, entryOf(member));
  }

  /** To be called after each commit. */
  committed(document: string, operations: readonly CommittedOperation[]): void {
    for (const [client, member] of this.#rooms.get(document)?.members ?? []) {
      if (member.cursor !== null) member.cursor = carry(member.cursor, client, operations);
    }
  }

  /** Everybody here. */
  entries(document: string): readonly PresenceEntry[] {
    return [...(this.#rooms.get(document)?.members.values() ?? [])].map(entryOf);
  }

  #announce(document: string, room: Room, entry: PresenceEntry): void {
    room.changed.set(entry.client, entry);
    this.#tick(document, room);
  }

  #tick(document: string, room: Room): void {
    if (room.announcing) return;
    room.announcing = true;
    this.#env.clock.schedule(TICK, () => {
      room.announcing = false;
      const changed = [...room.changed.values()];
      room.changed.clear();
      this.#tell(document, room, changed);
    });
  }

  #tell(document: string, room: Room, changed: readonly PresenceEntry[]): void {
    const messageOf = (entries: Iterable<PresenceEntry>): SharedMessage => {
      const newestOnes = [...entries].map((entry) => newest(room, entry));
      return new SharedMessage({ type: "presence", document, entries: newestOnes });
    };
    const forAll = messageOf(changed);
    let owing = false;
    for (const { participant, owed } of [...room.members.values()]) {
      if (participant.hasRoom && owed.size === 0) {
        if (changed.length > 0) participant.send(forAll);
        continue;
      }
      for (const entry of changed) owed.set(entry.client, entry);
      if (participant.hasRoom) {
        participant.send(messageOf(owed.values()));
        owed.clear();
      } else owing ||= owed.size > 0;
    }
    // They are looked at again, also when nobody moves meanwhile.
    if (owing) this.#tick(document, room);
  }
}

/** The cursor may have been carried over commits since it was noted. */
function newest(room: Room, entry: PresenceEntry): PresenceEntry {
  const member = room.members.get(entry.client);
  return member === undefined ? entry : entryOf(member);
}

function entryOf({ participant, cursor }: Pick<Member, "participant" | "cursor">): PresenceEntry {
  return { client: participant.client, user: participant.user, cursor };
}

/** Text typed exactly at a cursor pushes it along when its owner typed it, and stays behind it otherwise. */
function carry(cursor: Cursor, owner: string, operations: readonly CommittedOperation[]): Cursor {
  let { anchor, head, version } = cursor;
  for (const stored of operations) {
    if (stored.version <= version) continue;
    const bias = stored.client === owner ? "right" : "left";
    anchor = transformPosition(stored.operation, anchor, bias);
    head = transformPosition(stored.operation, head, bias);
    version = stored.version;
  }
  return { anchor, head, version };
}
