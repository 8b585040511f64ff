import type { Move, Open, Presence, PresenceEntry, Role } from "@tutti/protocol";
import { type Peer, World } from "../harness.js";

/** What somebody says when they open the document, besides who they are. */
export type Arriving = Partial<Pick<Open, "attendance" | "visibility" | "device" | "client">>;

/** Opens "doc" as a client that knows `moved`, unless `attendance` says otherwise. */
export async function arrive(world: World, user: string, arriving: Arriving = {}): Promise<Peer> {
  const peer = world.connect();
  peer.say({ type: "hello", token: user });
  peer.say({ type: "open", document: "doc", client: `${user}-1`, attendance: true, ...arriving });
  await world.quiet();
  return peer;
}

/** A world in which these people have these roles. */
export async function worldOf(roles: Readonly<Record<string, Role>>, settings = {}): Promise<World> {
  const world = await World.create({}, settings);
  for (const [user, role] of Object.entries(roles)) await world.done(world.store.setRole("doc", user, role));
  return world;
}

export const move = (position: number, version: number, more: Partial<Move> = {}) =>
  ({ type: "move", document: "doc", cursor: { anchor: position, head: position, version }, ...more }) as const;

/** Who is here as far as this peer was told, by client: what a client has to make of the messages. */
export function seenBy(peer: Peer): ReadonlyMap<string, PresenceEntry> {
  let entries = new Map<string, PresenceEntry>();
  for (const message of peer.received) {
    if (message.type === "opened") entries = new Map(message.presence.map((entry) => [entry.client, entry]));
    if (message.type === "presence") entries = told(entries, message);
  }
  return entries;
}

/** The same after one more message. */
export function told(before: ReadonlyMap<string, PresenceEntry>, message: Presence): Map<string, PresenceEntry> {
  const entries = new Map(message.all === true || message.available === false ? [] : before);
  for (const entry of message.entries) {
    if (entry.gone === true) entries.delete(entry.client);
    else entries.set(entry.client, entry);
  }
  const { version = 0, cursors = [] } = message.moved ?? {};
  for (let index = 0; index < cursors.length; index += 3) {
    const [number, anchor = 0, head = 0] = cursors.slice(index, index + 3);
    const found = [...entries.values()].find((entry) => entry.number === number);
    if (found === undefined) throw new Error(`nobody knows who number ${number} is`);
    entries.set(found.client, { ...found, cursor: { anchor, head, version } });
  }
  return entries;
}

/** The names of everybody whom a peer sees, in alphabetical order. */
export const namesSeenBy = (peer: Peer): readonly string[] =>
  [...seenBy(peer).values()].map(({ user }) => user.name.replace("Name of ", "")).sort();
