import type { Operation } from "@tutti/ot";
import type { Observer } from "../../src/metrics/observer.js";
import { silentObserver } from "../../src/metrics/observer.js";
import type { Caller } from "../../src/vandalism/vandalism-service.js";
import { type Peer, World } from "../harness.js";

/** 1,000 units of which no ten are the same. */
export const PAGE = Array.from({ length: 100 }, (_, line) => `line ${String(line).padStart(4, "0")}\n`).join("");

export const callerOf = (id: string, role: Caller["role"] = "editor"): Caller => ({ user: { id, name: id }, role });

/** Somebody who opened "doc" and understands alerts. */
export async function joinWithAlerts(world: World, user: string, client = `${user}-1`): Promise<Peer> {
  const peer = world.connect();
  peer.say({ type: "hello", token: user });
  peer.say({ type: "open", document: "doc", client, attendance: true });
  await world.quiet();
  return peer;
}

/** Lets time pass in which everybody is still there. */
export async function linger(world: World, milliseconds: number, peers: readonly Peer[]): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 10_000) {
    for (const peer of peers) peer.say({ type: "ping" });
    await world.clock.advance(Math.min(left, 10_000));
  }
}

/** What the metrics heard. */
export function counting(): { readonly observer: Observer; readonly counted: string[] } {
  const counted: string[] = [];
  const observer: Observer = {
    ...silentObserver,
    alert: (kind) => counted.push(kind),
    contentCheck: (outcome) => counted.push(outcome),
  };
  return { observer, counted };
}

/** A document with a page of text that Ann wrote some minutes ago, and Ann and Bob in it. */
export async function pageOf(
  settings: Parameters<typeof World.create>[1] = {},
  limits: Parameters<typeof World.create>[0] = {},
) {
  const world = await World.create(limits, settings);
  const ann = await joinWithAlerts(world, "ann");
  ann.submit(1, 0, [{ insert: PAGE }]);
  await world.clock.advance(180_000);
  const again = await joinWithAlerts(world, "ann", "ann-2");
  const bob = await joinWithAlerts(world, "bob");
  return { world, ann: again, bob };
}

/** The newest content. */
export async function contentOf(world: World): Promise<Operation> {
  return (await world.done(world.server.documents.contentAt("doc", undefined))).content.toDelta();
}

export async function textOf(world: World): Promise<string> {
  return (await world.done(world.server.documents.contentAt("doc", undefined))).content.text();
}
