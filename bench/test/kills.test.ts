import { existsSync } from "node:fs";
import { SeededRandom } from "@tutti/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Patch, Trace } from "../src/index.js";
import { OwnServer } from "../src/replay/own-server.js";
import { type ReplayOptions, replay } from "../src/replay/replay.js";

const PIECES = ["a", "word ", "\u{1F600}", "\n", "é"] as const;

/** Somebody types, and deletes now and then. */
function session(transactions: number, random: SeededRandom): Trace {
  const characters = [..."It begins. "];
  const startContent = characters.join("");
  const patches = Array.from({ length: transactions }, (): readonly Patch[] => {
    const position = random.between(0, characters.length);
    const deleted = random.chance(0.3) ? Math.min(random.between(1, 4), characters.length - position) : 0;
    const inserted = random.pick(PIECES);
    characters.splice(position, deleted, ...inserted);
    return [[position, deleted, inserted]];
  });
  return { startContent, endContent: characters.join(""), transactions: patches };
}

describe("a replay through the built server", () => {
  let server: OwnServer;
  beforeEach(async () => {
    server = await OwnServer.start();
  });
  afterEach(async () => {
    await server.dispose();
    expect(existsSync(server.data)).toBe(false);
  });

  const options = (clients: number, kills: number, killAndRestart: () => Promise<void>): ReplayOptions => ({
    url: server.url,
    clients,
    kind: "plain",
    seed: 1,
    title: "A session",
    now: () => performance.now(),
    progress: () => undefined,
    kills: { count: kills, killAndRestart },
  });

  for (const clients of [1, 3]) {
    it(`ends with the recorded text although the server is killed twice, with ${clients} at work`, async () => {
      const trace = session(300, new SeededRandom(clients));
      const result = await replay(
        trace,
        options(clients, 2, () => server.killAndRestart()),
      );
      expect(result.differences).toEqual([]);
      expect(result).toMatchObject({ kills: 2, reconnects: 2 * clients, transactions: 300 });
    });
  }

  it("fails when the server does not come back", async () => {
    const broken = () => Promise.reject(new Error("it does not start"));
    await expect(replay(session(20, new SeededRandom(1)), options(1, 1, broken))).rejects.toThrow("does not start");
  });
});
