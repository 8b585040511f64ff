import { describe, expect, it } from "vitest";
import { NO_FAULTS, type Plan, type SimulationSettings, simulate } from "../src/index.js";
import { forgetsTheEnd, losesEntries, savesTooEarly, says, sendsTooEarly, throwsAway } from "./broken-clients.js";
import {
  acknowledgesTooEarly,
  forgetsToTell,
  forgetsWhoWrote,
  ignoresOperations,
  ignoresWishes,
  letsEverybodyEdit,
  losesCursors,
  neverTransforms,
  restoresTooLittle,
} from "./broken-servers.js";

/** Runs seeds until all these promises were found broken; fails when the first `limit` of them do not find them. */
async function expectFound(
  promises: readonly string[],
  settings: () => Partial<SimulationSettings>,
  limit = 40,
): Promise<void> {
  const found = new Set<string>();
  for (let seed = 0; seed < limit && !promises.every((promise) => found.has(promise)); seed += 1) {
    const { violations } = await simulate({ seed, ...settings() });
    for (const { promise } of violations) found.add(promise);
  }
  expect([...found]).toEqual(expect.arrayContaining([...promises]));
}

describe("the checkers find a server that", { timeout: 60_000 }, () => {
  it("acknowledges before it is durable", async () => {
    await expectFound(["durability", "edits"], () => ({ factory: acknowledgesTooEarly }));
  });

  it("has a disk that says it has synced before it has", async () => {
    await expectFound(["durability", "edits"], () => ({ plan: { lyingDisk: true } }));
  });

  it("ignores an operation now and then", async () => {
    await expectFound(["no error"], () => ({ factory: ignoresOperations() }));
  });

  it("does not transform", async () => {
    await expectFound(["no error"], () => ({ factory: neverTransforms }));
  });

  it("forgets to tell somebody", async () => {
    await expectFound(["convergence"], () => ({ factory: forgetsToTell() }));
  });

  it("forgets who wrote what", async () => {
    await expectFound(["edits"], () => ({ factory: forgetsWhoWrote }));
  });
});

describe("the checkers find a client that", { timeout: 60_000 }, () => {
  const lies = [
    ["Saved", "Saving…"],
    ["Saved", "Syncing…"],
    ["Saved", "Working offline"],
    ["Saving…", "Saved"],
    ["Saving…", "Working offline"],
    ["Syncing…", "Working offline"],
    ["Syncing…", "Saved"],
    ["Working offline", "Syncing…"],
    ["Saving…", "Changes may not be saved"],
    ["Changes may not be saved", "Saving…"],
    ["Read-only mode", "Saving…"],
    ["Conflict", "Saving…"],
    ["Presence unavailable", "Saved"],
  ] as const;
  it.each(lies)('says "%s" instead of "%s"', async (instead, when) => {
    await expectFound(["status"], () => ({ client: says(instead, when) }), 10);
  });

  it("says that something is saved which is not", async () => {
    await expectFound(["edits"], () => ({ client: savesTooEarly }), 10);
  });
});

/** Two places for five people, and nothing breaks. */
const CROWD = {
  crowd: {
    rules: {
      connections: 3,
      calmConnections: 1,
      calm: 1000,
      editors: 2,
      mostEditors: 3,
      heldPlace: 1000,
      askAgain: 500,
    },
    wishes: 1,
    moderations: 0.1,
  },
  presence: { enabled: true },
  faults: { ...NO_FAULTS, "connection lost": 0.2 },
} as const satisfies Partial<Plan>;

describe("the checkers find, where there are fewer places than people, a server that", { timeout: 60_000 }, () => {
  it("takes edits from those who view", async () => {
    await expectFound(["places"], () => ({ factory: letsEverybodyEdit, plan: CROWD }));
  });

  it("does not hear those who ask", async () => {
    await expectFound(["places"], () => ({ factory: ignoresWishes, plan: CROWD }));
  });

  it("does not tell where the others are", async () => {
    await expectFound(["presence"], () => ({ factory: losesCursors, plan: CROWD }));
  });

  it.each(["Saved", "Saving…", "Working offline"] as const)(
    'and a client that says "%s" while it views',
    async (word) => {
      await expectFound(["status"], () => ({ client: says(word, "Read-only mode"), plan: CROWD }), 10);
    },
  );

  it("and a client that says that it only views while text of its own waits", async () => {
    await expectFound(["status"], () => ({ client: says("Read-only mode", "Changes may not be saved"), plan: CROWD }));
  });
});

describe("the checkers find, where there are vandals, a server that", { timeout: 60_000 }, () => {
  it("brings back only a part of what was deleted", async () => {
    const plan = { vandals: 1, undo: false, crowd: undefined, faults: NO_FAULTS };
    await expectFound(["restored"], () => ({ factory: restoresTooLittle, plan }));
  });
});

/** Tabs die and come again on devices that keep what was typed, and nothing else breaks. */
const DEVICES = {
  offline: { latency: [5, 50], tears: false, locks: true },
  faults: { ...NO_FAULTS, "tab crash": 1, "duplicate tab": 0.5, "reload offline": 0.5 },
} as const satisfies Partial<Plan>;

describe("the checkers find a client that", { timeout: 60_000 }, () => {
  it("sends before its journal is durable", async () => {
    await expectFound(["stored"], () => ({ client: sendsTooEarly, plan: DEVICES }));
  });

  it("uses a sequence again after it was restored", async () => {
    await expectFound(["edits"], () => ({ client: forgetsTheEnd, plan: DEVICES }));
  });

  it("loses now and then what it writes down", async () => {
    await expectFound(["edits"], () => ({ client: losesEntries(), plan: DEVICES }));
  });

  it("throws away what an earlier tab has left", async () => {
    await expectFound(["edits"], () => ({ client: throwsAway, plan: DEVICES }));
  });

  it("shares a journal with another tab", async () => {
    const plan = { ...DEVICES, offline: { ...DEVICES.offline, locks: false } };
    await expectFound(["no error"], () => ({ plan }));
  });
});

describe("a seed", () => {
  it("does the same every time", async () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(await simulate({ seed })).toEqual(await simulate({ seed }));
  });
});
