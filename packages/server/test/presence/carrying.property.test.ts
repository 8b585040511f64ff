import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import { SeededRandom, SimulatedNetwork } from "@tutti/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { World } from "../harness.js";
import { arrive, seenBy, worldOf } from "./room-of-peers.js";

const SEEDS = 8;
const STEPS = 60;

/** Real clients on the server of a world, each with a connection that takes its time. */
async function clientsOn(world: World, seed: number, names: readonly string[]): Promise<readonly DocumentHandle[]> {
  const random = new SeededRandom(seed);
  const network = new SimulatedNetwork(world.clock, random);
  network.listen((connection, subprotocol) => world.server.accept(connection, subprotocol));
  const handles = names.map((name) => {
    const environment = { clock: world.clock, random: random.fork(name), transport: network.host(name) };
    return new TuttiClient({ url: "http://simulation", token: name, environment }).open("doc");
  });
  for (const handle of handles) await world.done(handle.ready);
  return handles;
}

/** Types at the cursor, or somewhere; deletes; moves the cursor. */
function act(random: SeededRandom, handle: DocumentHandle, cursor: { at: number }): void {
  const { length } = handle.text();
  const somewhere = random.between(0, length);
  const kind = random.between(0, 9);
  if (kind < 5) {
    handle.insert(Math.min(cursor.at, length), "ab");
    cursor.at = Math.min(cursor.at, length) + 2;
    handle.presence.setCursor({ anchor: cursor.at, head: cursor.at });
  } else if (kind < 7) {
    handle.insert(somewhere, "-");
  } else if (kind < 8 && somewhere < length) {
    handle.delete(somewhere, Math.min(length - somewhere, random.between(1, 4)));
  } else {
    cursor.at = somewhere;
    handle.presence.setCursor({ anchor: random.between(0, length), head: somewhere });
  }
}

async function settle(world: World, handles: readonly DocumentHandle[]): Promise<void> {
  const agree = (): boolean =>
    handles.every(({ unsaved, version }) => !unsaved && version === world.disk.version("doc"));
  if (!(await world.clock.runUntil(agree, 60_000))) throw new Error("they do not come to rest");
  await world.clock.advance(3000);
}

/** Those who write do so for a while. */
async function play(world: World, seed: number, writers: readonly DocumentHandle[]): Promise<void> {
  const random = new SeededRandom(seed);
  const cursors = writers.map(() => ({ at: 0 }));
  for (let step = 0; step < STEPS; step += 1) {
    const index = random.between(0, writers.length - 1);
    const [handle, cursor] = [writers[index], cursors[index]];
    if (handle !== undefined && cursor !== undefined) act(random, handle, cursor);
    await world.clock.advance(random.between(0, 150));
  }
}

/** Every client sees the cursors of the others where the server has them. */
async function expectAgreement(world: World, handles: readonly DocumentHandle[], seed: number): Promise<void> {
  const late = await arrive(world, "late");
  const server = new Map([...seenBy(late).values()].map(({ user, cursor }) => [user.id, cursor]));
  for (const handle of handles) {
    expect(handle.presence.others, `seed ${seed}`).toHaveLength(handles.length);
    for (const { user, cursor } of handle.presence.others) {
      if (user.id === "late") continue;
      const expected = server.get(user.id) ?? null;
      expect(cursor, `seed ${seed}: ${user.id}`).toEqual(expected && { anchor: expected.anchor, head: expected.head });
      expect(expected?.head ?? 0, `seed ${seed}: ${user.id}`).toBeLessThanOrEqual(handle.text().length);
    }
  }
}

// Virtual time does not wait for code that is loaded from a disk.
beforeAll(preload);

describe("P4: where cursors are, by the server and by every client", () => {
  it("is the same, whatever they type, delete and select at the same time", async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const world = await World.create();
      const handles = await clientsOn(world, seed, ["ann", "bob", "cid"]);
      await play(world, seed, handles);
      await settle(world, handles);
      await expectAgreement(world, handles, seed);
    }
  });

  it("is the same for those who view in rounds, and get several operations as one", async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const world = await worldOf({ vic: "commenter", val: "commenter" });
      const handles = await clientsOn(world, seed, ["ann", "bob", "vic", "val"]);
      world.server.documents.loaded("doc")?.crowd(300, 1000);
      await play(world, seed, handles.slice(0, 2));
      await settle(world, handles);
      await expectAgreement(world, handles, seed);
    }
  });
});
