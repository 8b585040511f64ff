import { beforeEach, describe, expect, it, vi } from "vitest";
import { opened } from "./world.js";

/** Whether the code that comes after the text is here. */
const code = vi.hoisted(() => ({ here: true }));

vi.mock("../src/loading-afterwards.js", async (load) => {
  const real = await load<typeof import("../src/loading-afterwards.js")>();
  const loadedAfterwards = () => {
    if (code.here) return real.loadedAfterwards();
    throw new real.CodeMissing();
  };
  return { ...real, loadedAfterwards };
});

beforeEach(() => {
  code.here = true;
});

describe("while the code to compare contents is not here", () => {
  it("a text opens, is written in and saved", () => {
    code.here = false;
    const world = opened("abc");
    world.doc.insert(0, "x");
    world.server.pump();
    expect([world.server.document.text(), world.doc.status]).toEqual(["xabc", "Saved"]);
  });

  it("a content that replaces what is here waits, with all that was typed; it is asked for again, not in a storm", async () => {
    const world = opened("abc");
    world.server.connection.lose();
    world.doc.insert(3, "!");
    world.server.commit([{ insert: "> " }]);
    world.server.answersContentOnly = true;
    code.here = false;
    const opens = () => world.server.connections.flatMap((one) => one.received.filter(({ type }) => type === "open"));
    for (let second = 0; second < 10; second += 1) {
      await world.clock.advance(1000);
      world.server.pump();
    }
    expect([world.doc.text(), world.doc.unsaved, world.doc.status]).toEqual(["abc!", 1, "Syncing…"]);
    expect(opens().length).toBeLessThan(10);
    code.here = true;
    for (let second = 0; second < 30; second += 1) {
      await world.clock.advance(1000);
      world.server.pump();
    }
    expect([world.doc.text(), world.server.document.text(), world.doc.status]).toEqual(["> abc!", "> abc!", "Saved"]);
    expect(world.errors).toEqual([]);
  });
});
