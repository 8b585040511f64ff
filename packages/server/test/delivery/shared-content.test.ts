import { Document } from "@tutti/ot";
import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { SharedContent } from "../../src/delivery/shared-content.js";
import { World } from "../harness.js";

const pageOf = (text: string): Document => Document.fromDelta([{ insert: text }]);

describe("S11: the content that a crowd comes to", () => {
  it("is one Delta for all who come to it within a second, and nothing is kept after that", async () => {
    const clock = new VirtualClock();
    const contents = new SharedContent(clock);
    const page = pageOf("a");
    const first = contents.deltaOf(page);
    await clock.advance(999);
    expect(contents.deltaOf(page)).toBe(first);
    await clock.advance(1);
    expect(contents.deltaOf(page)).not.toBe(first);
    expect(contents.deltaOf(page)).toEqual(first);
  });

  it("is never that of another version", () => {
    const contents = new SharedContent(new VirtualClock());
    const [before, after] = [pageOf("a"), pageOf("ab")];
    expect([before, after, before].map((content) => contents.deltaOf(content))).toEqual([
      [{ insert: "a" }],
      [{ insert: "ab" }],
      [{ insert: "a" }],
    ]);
  });

  it("arrives whole at everybody, edits in between included", async () => {
    const world = await World.create();
    const ann = await world.join("ann");
    ann.submit(1, 0, [{ insert: "x".repeat(1000) }]);
    await world.quiet(5000);
    const bob = await world.join("bob");
    const cyd = await world.join("cyd");
    ann.submit(2, 1, [{ insert: "y" }]);
    await world.quiet(5000);
    const dan = await world.join("dan");
    const texts = [bob, cyd, dan].map((peer) => peer.last("opened").content);
    expect(texts).toEqual([
      [{ insert: "x".repeat(1000) }],
      [{ insert: "x".repeat(1000) }],
      [{ insert: `y${"x".repeat(1000)}` }],
    ]);
  });
});
