import { describe, expect, it } from "vitest";
import type { Status } from "../src/index.js";
import { type Situation, statusOf } from "../src/status.js";

const FINE: Situation = {
  conflict: false,
  mayEdit: true,
  viewing: false,
  refusal: undefined,
  connection: "connected",
  live: true,
  storageFails: false,
  level: 0,
  backlog: 0,
  storeFails: false,
  presence: true,
};
const GONE = { code: "not_found", message: "", retry: false } as const;

/** Every value that makes a difference, of every part of a situation: 9,216 situations. */
const VALUES: { readonly [K in keyof Situation]: readonly Situation[K][] } = {
  conflict: [false, true],
  mayEdit: [true, false],
  viewing: [false, true],
  refusal: [undefined, GONE],
  connection: ["connecting", "connected", "offline", "resting"],
  live: [true, false],
  storageFails: [false, true],
  level: [0, 1, 2, 3, 4, 5],
  backlog: [0, 1, 101],
  storeFails: [false, true],
  presence: [true, false],
};

function* everySituation(): Generator<Situation> {
  let situations: Partial<Situation>[] = [{}];
  for (const [key, values] of Object.entries(VALUES)) {
    situations = situations.flatMap((situation) => values.map((value) => ({ ...situation, [key]: value })));
  }
  yield* situations as Situation[];
}

const situations = [...everySituation()];
const cannotStore = ({ storageFails, level, viewing }: Situation): boolean =>
  storageFails || viewing || level === 3 || level === 5;

/** When a word may be read, and when it must be: the promise behind each of them. */
const RULES: readonly {
  readonly status: Status;
  readonly promise: string;
  readonly only: (situation: Situation) => boolean;
}[] = [
  { status: "Conflict", promise: "only with a conflict", only: ({ conflict }) => conflict },
  { status: "Saved", promise: "only with nothing unsaved", only: ({ backlog }) => backlog === 0 },
  {
    status: "Saved",
    promise: "only up to date, or resting",
    only: ({ live, connection }) => live || connection === "resting",
  },
  { status: "Saving…", promise: "only with a little unsaved, on its way", only: (s) => s.live && s.backlog === 1 },
  { status: "Syncing…", promise: "only behind, or with much unsaved", only: (s) => !s.live || s.backlog > 100 },
  {
    status: "Presence unavailable",
    promise: "only with all saved, up to date, and nobody to be seen",
    only: (s) => (s.level === 2 || !s.presence) && s.backlog === 0 && s.live,
  },
  {
    status: "Working offline",
    promise: "only without a connection",
    only: ({ connection }) => connection === "offline",
  },
  {
    status: "Working offline",
    promise: "never where a reload would lose text",
    only: ({ storeFails, backlog }) => !storeFails || backlog === 0,
  },
  {
    status: "Read-only mode",
    promise: "only for who may not write, what is gone, or a server that takes nothing",
    only: (s) => !s.mayEdit || s.viewing || s.refusal !== undefined || s.level === 3 || s.level === 5,
  },
  {
    status: "Read-only mode",
    promise: "of somebody who views for now, only with nothing unsaved",
    only: (s) => !s.viewing || s.backlog === 0 || !s.mayEdit || s.refusal !== undefined,
  },
  {
    status: "Changes may not be saved",
    promise: "only while something fails",
    only: (s) => cannotStore(s) || (s.storeFails && s.connection === "offline" && s.backlog > 0),
  },
];

describe("statusOf (C8)", () => {
  it.each(RULES)("$status: $promise", ({ status, only }) => {
    const shown = situations.filter((situation) => statusOf(situation) === status);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((situation) => !only(situation))).toEqual([]);
  });

  it("is Conflict exactly while there is one", () => {
    expect(situations.filter((s) => s.conflict !== (statusOf(s) === "Conflict"))).toEqual([]);
  });

  it("never says that all is well of what can't be stored", () => {
    const bad = situations.filter((s) => s.backlog > 0 && cannotStore(s) && s.connection === "connected");
    expect(bad.filter((s) => ["Saved", "Saving…", "Syncing…", "Presence unavailable"].includes(statusOf(s)))).toEqual(
      [],
    );
  });

  it.each<[Status, Partial<Situation>]>([
    ["Saved", {}],
    ["Saving…", { backlog: 100 }],
    ["Syncing…", { backlog: 101 }],
    ["Syncing…", { live: false }],
    ["Syncing…", { live: false, connection: "connecting" }],
    ["Saved", { live: false, connection: "resting" }],
    ["Syncing…", { live: false, connection: "resting", backlog: 1 }],
    ["Working offline", { live: false, connection: "offline", storageFails: true }],
    ["Working offline", { live: false, connection: "offline", backlog: 500 }],
    ["Changes may not be saved", { live: false, connection: "offline", backlog: 1, storeFails: true }],
    ["Working offline", { live: false, connection: "offline", storeFails: true }],
    ["Saving…", { backlog: 1, storeFails: true }],
    ["Changes may not be saved", { storageFails: true, backlog: 3 }],
    ["Conflict", { conflict: true, backlog: 1 }],
    ["Conflict", { conflict: true, backlog: 1, connection: "offline", live: false }],
    ["Conflict", { conflict: true, mayEdit: false, refusal: GONE, level: 5 }],
    ["Read-only mode", { refusal: GONE, live: false }],
    ["Read-only mode", { refusal: GONE, live: false, connection: "offline" }],
    ["Read-only mode", { mayEdit: false }],
    ["Working offline", { mayEdit: false, connection: "offline", live: false }],
    ["Saved", { level: 1 }],
    ["Presence unavailable", { level: 2 }],
    ["Saving…", { level: 2, backlog: 1 }],
    ["Read-only mode", { level: 3 }],
    ["Changes may not be saved", { level: 3, backlog: 1 }],
    ["Saved", { level: 4 }],
    ["Read-only mode", { level: 5 }],
    ["Working offline", { level: 3, connection: "offline", live: false }],
    ["Read-only mode", { viewing: true }],
    ["Read-only mode", { viewing: true, presence: false }],
    ["Changes may not be saved", { viewing: true, backlog: 1 }],
    ["Working offline", { viewing: true, backlog: 1, connection: "offline", live: false }],
    ["Presence unavailable", { presence: false }],
    ["Saving…", { presence: false, backlog: 1 }],
    ["Syncing…", { presence: false, live: false }],
    ["Saved", { presence: false, live: false, connection: "resting" }],
  ])("%s: %j", (words, change) => {
    expect(statusOf({ ...FINE, ...change })).toBe(words);
  });
});
