import type { Peer, World } from "../harness.js";

/** Those who attend "doc", one after the other. */
export async function all<const T extends readonly string[]>(
  world: World,
  users: T,
): Promise<{ [K in keyof T]: Peer }> {
  const peers: Peer[] = [];
  for (const user of users) peers.push(await world.attend(user));
  return peers as unknown as { [K in keyof T]: Peer };
}

export const ask = (peer: Peer, wish: "edit" | "view" = "edit"): void =>
  peer.say({ type: "ask", document: "doc", wish });

export const decide = (peer: Peer, user: string, edit: boolean): void =>
  peer.say({ type: "decide", document: "doc", user, edit });

/** What they were told last. */
export const place = (peer: Peer): string => peer.last("attendance").place;
