import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import { SeededRandom, SimulatedNetwork } from "@tutti/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { World } from "../harness.js";
import { arrive, seenBy } from "./room-of-peers.js";

const SEEDS = 15;
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
    handles.every(({ status, version }) => status === "Saved" && version === world.disk.version("doc"));
  if (!(await world.clock.runUntil(agree, 60_000))) throw new Error("they do not come to rest");
  await world.clock.advance(3000);
}

// Virtual time does not wait for code that is loaded from a disk.
beforeAll(preload);

describe("P4: where cursors are, by the server and by every client", () => {
  it("is the same, whatever they type, delete and select at the same time", async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const world = await World.create();
      const random = new SeededRandom(seed);
      const names = ["ann", "bob", "cid"];
      const handles = await clientsOn(world, seed, names);
      const cursors = handles.map(() => ({ at: 0 }));
      for (let step = 0; step < STEPS; step += 1) {
        const index = random.between(0, handles.length - 1);
        const [handle, cursor] = [handles[index], cursors[index]];
        if (handle !== undefined && cursor !== undefined) act(random, handle, cursor);
        await world.clock.advance(random.between(0, 150));
      }
      await settle(world, handles);
      const late = await arrive(world, "late");
      const server = new Map([...seenBy(late).values()].map(({ user, cursor }) => [user.id, cursor]));
      for (const handle of handles) {
        expect(handle.presence.others, `seed ${seed}`).toHaveLength(names.length);
        for (const { user, cursor } of handle.presence.others) {
          if (user.id === "late") continue;
          const expected = server.get(user.id) ?? null;
          expect(cursor, `seed ${seed}: ${user.id}`).toEqual(
            expected && { anchor: expected.anchor, head: expected.head },
          );
        }
      }
      // Where somebody is, by their own account.
      for (const [index, handle] of handles.entries()) {
        const own = server.get(names[index] ?? "");
        expect(own === null || own === undefined || own.head <= handle.text().length, `seed ${seed}`).toBe(true);
      }
    }
  });
});
