import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

describe("whoever waits for the next round of updates", () => {
  it("S11, P1: waits for one that comes: nobody viewed when the text changed last, so those who come now see cursors", async () => {
    const world = await World.create({}, { crowd: { connections: 2, calmConnections: 1 } });
    const [ann] = [
      await world.attend("ann", "ann-1"),
      await world.attend("ann", "ann-2"),
      await world.attend("ann", "ann-3"),
    ];
    ann.submit(1, 0, [{ insert: "abc" }]);
    await world.quiet(1000);
    const vic = await world.attend("vic");
    await world.quiet(1000);
    expect(vic.last("attendance")).toMatchObject({ mode: "crowded", place: "viewing" });
    vic.received.length = 0;
    ann.say({ type: "move", document: "doc", cursor: { anchor: 1, head: 2, version: 1 } });
    await world.quiet(2000);
    const told = vic
      .all("presence")
      .flatMap(({ entries, moved }) => [
        ...entries.map(({ cursor }) => cursor?.anchor),
        ...(moved === undefined ? [] : [moved.cursors[1]]),
      ]);
    expect(told).toEqual([1]);
  });
});
