import { VirtualClock } from "@tutti/testkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

const ENTRY = { client: "ben-1", user: { id: "u-ben", name: "Ben" }, cursor: { anchor: 1, head: 1, version: 0 } };

/** Everything anew: what was loaded once stays loaded. */
beforeEach(() => vi.resetModules());

/** @param said with each cursor, how others are to see me */
async function presenceWith(load: "loads" | "fails", said = false) {
  if (load === "fails") {
    vi.doMock("../../src/afterwards.js", () => {
      throw new Error("no network");
    });
  } else vi.doUnmock("../../src/afterwards.js");
  const { DeferredPresence } = await import("../../src/presence/deferred-presence.js");
  const { Replica } = await import("../../src/document/replica.js");
  const replica = new Replica("me");
  replica.replace(
    [{ insert: "abc" }],
    0,
    (await import("@tutti/ot")).Document.fromDelta([{ insert: "abc" }]).checksum,
    0,
  );
  const sent: unknown[] = [];
  let arrived: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const presence = new DeferredPresence({
    ...{ replica, clock: new VirtualClock(), visibility: "named" as const },
    activity: () => "editing",
    send: (cursor) => sent.push(said ? { cursor, ...presence.seenAs() } : cursor),
    rouse: () => undefined,
    loaded: () => {
      presence.settled(true);
      arrived();
    },
  });
  return { presence, sent, loaded };
}

describe("presence whose code comes later (P1)", () => {
  it("misses nothing of what happens meanwhile", async () => {
    const { presence, sent, loaded } = await presenceWith("loads");
    const heard: number[] = [];
    presence.on("change", (others) => heard.push(others.length));
    presence.received({ entries: [ENTRY], all: true });
    presence.setCursor({ anchor: 2, head: 2 });
    presence.committed({ from: 0, version: 1, client: "eve", operation: [{ insert: "X" }] });
    presence.textChanged([{ insert: "X" }], "remote");
    presence.settled(true);
    expect([presence.others, presence.available]).toEqual([[], true]);
    await loaded;
    expect(presence.others.map(({ cursor }) => cursor)).toEqual([{ anchor: 2, head: 2 }]);
    expect(sent).toEqual([{ anchor: 3, head: 3, version: 0 }]);
    expect(heard).toEqual([1]);
  });

  it.each(["loads", "fails"] as const)(
    "whoever wants to be hidden is at once, whether the code %s or not",
    async (load) => {
      const { presence, sent, loaded } = await presenceWith(load, true);
      presence.received({ entries: [ENTRY], all: true });
      presence.settled(true);
      presence.visibility = "hidden";
      expect(sent).toEqual([{ cursor: null, visibility: "hidden" }]);
      await loaded;
      presence.visibility = "anonymous";
      expect(sent.slice(1)).toEqual([{ cursor: null, visibility: "anonymous" }]);
    },
  );

  it("is not available where the code can't be had; it is tried again with the next connection", async () => {
    const { presence, loaded } = await presenceWith("fails");
    presence.received({ entries: [ENTRY], all: true });
    await loaded;
    expect([presence.others, presence.people, presence.available]).toEqual([[], [], false]);
    presence.setCursor({ anchor: 1, head: 1 });
    presence.received({ entries: [ENTRY] });
    expect(presence.available).toBe(false);
    presence.received({ entries: [ENTRY], all: true });
    expect(presence.available).toBe(true);
  });
});
