import type { Presence, PresenceEntry } from "@tutti/protocol";
import { SharedMessage } from "../delivery/shared-message.js";
import { entryOf, type Face, goneEntry } from "./face.js";
import type { Faces } from "./faces.js";
import { keyOf, type Sight, sees } from "./sight.js";

/** Somebody who was never told anything, or no longer knows. */
export const NOTHING_TOLD = -1;

/** Who a message is for. */
export interface Recipient {
  readonly sight: Sight;
  /** The moment up to which they were told. */
  readonly told: number;
  /** The id of the person. */
  readonly user: string;
}

/** What is new in one document at one time, as one message for all who see it alike (P1). Made for one round of telling. */
export class News {
  readonly #document: string;
  readonly #faces: Faces;
  /** As they are now: cursors belong to the version that this is told with. */
  readonly #all: readonly Face[];
  readonly #now: number;
  /** Whoever is told of these news was told up to here. */
  readonly moment: number;
  readonly #messages = new Map<string, SharedMessage | undefined>();

  /** @param now milliseconds since 1970 */
  constructor(document: string, faces: Faces, now: number) {
    this.#document = document;
    this.#faces = faces;
    this.#all = [...faces.all()].map((face) => ({ ...face }));
    this.#now = now;
    this.moment = faces.moment;
  }

  /** undefined: there is nothing new for them. */
  for(recipient: Recipient): SharedMessage | undefined {
    // Who is seen without a name would take themselves for somebody else.
    if (this.#faces.isDisguised(recipient.user)) return this.#message(recipient);
    const key = `${keyOf(recipient.sight)} ${recipient.told}`;
    if (!this.#messages.has(key)) this.#messages.set(key, this.#message(recipient));
    return this.#messages.get(key);
  }

  #message(recipient: Recipient): SharedMessage | undefined {
    const all = recipient.told < this.#faces.forgotten;
    const seen = this.#all.filter((face) => isFor(recipient, face));
    const entries: PresenceEntry[] = all ? [] : this.#goneEntries(recipient, seen);
    const cursors: number[] = [];
    const version = newestVersion(seen);
    for (const face of seen) {
      const { cursor, number } = face;
      const how = all ? "entry" : howToTell(face, recipient);
      // Who could not be carried to the newest version yet is told with a version of their own.
      if (how === "cursor" && recipient.sight.compact && cursor?.version === version) {
        cursors.push(number, cursor.anchor, cursor.head);
      } else if (how !== undefined) entries.push(entryOf(face, this.#now));
    }
    if (entries.length === 0 && cursors.length === 0 && !all) return undefined;
    return new SharedMessage({
      type: "presence",
      document: this.#document,
      entries,
      ...(cursors.length === 0 ? undefined : { moved: { version, cursors } }),
      ...(all ? { all, available: true } : undefined),
    } satisfies Presence & { type: "presence" });
  }

  #goneEntries({ sight, told }: Recipient, seen: readonly Face[]): PresenceEntry[] {
    const { farewells } = this.#faces;
    const first = farewells.findLastIndex(({ moment }) => moment <= told) + 1;
    if (first === farewells.length) return [];
    const here = new Set(seen.map(({ client }) => client));
    const gone = new Map<string, PresenceEntry>();
    for (const { face } of farewells.slice(first)) {
      if (sees(sight, face) && !here.has(face.client)) gone.set(face.client, goneEntry(face));
    }
    return [...gone.values()];
  }
}

/** Whether somebody may be told of a face; nobody is told of themselves as of a stranger. */
export function isFor({ sight, user }: Pick<Recipient, "sight" | "user">, face: Face): boolean {
  return sees(sight, face) && !(face.anonymous && face.state.participant.user.id === user);
}

const newestVersion = (faces: readonly Face[]): number =>
  faces.reduce((newest, { cursor }) => Math.max(newest, cursor?.version ?? 0), 0);

function howToTell({ newest }: Face, { sight, told }: Recipient): "entry" | "cursor" | undefined {
  if (newest.entry > told) return "entry";
  const cursorChanged = newest.move > told || (sight.composed && newest.own > told);
  return cursorChanged ? "cursor" : undefined;
}
