import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

describe("S11: one frame for each client and commit", () => {
  it("goes to the authors of a commit and to everybody else, and moves no cursor by another one", async () => {
    const world = await World.create();
    const peers = [await world.join("ann"), await world.join("bob"), await world.join("cyd")] as const;
    const [ann, bob, cyd] = peers;
    cyd.say({ type: "move", document: "doc", cursor: { anchor: 0, head: 0, version: 0 } });
    await world.quiet(5000);
    const before = peers.map(({ received }) => received.length);
    const since = () => peers.map(({ received }, index) => received.slice(before[index]));
    // While the first commit is on its way to the disk, two more come: they share the next one.
    ann.submit(1, 0, [{ insert: "a" }]);
    await world.quiet(0);
    bob.submit(1, 0, [{ insert: "b" }]);
    cyd.submit(1, 0, [{ insert: "c" }]);
    await world.quiet(5000);
    for (const messages of since()) {
      expect(messages.map(({ type }) => type)).toEqual(["committed", "committed"]);
      expect(messages).toMatchObject([
        { version: 1 },
        { version: 2, changes: [{ client: "bob-1" }, { client: "cyd-1" }] },
      ]);
    }
    // An author's own comes without its content: it is the acknowledgement.
    const told = since().map((messages) =>
      messages
        .flatMap((message) => (message.type === "committed" ? message.changes : []))
        .map(({ operation }) => operation !== undefined),
    );
    expect(told).toEqual([
      [false, true, true],
      [true, false, true],
      [true, true, false],
    ]);
  });
});
