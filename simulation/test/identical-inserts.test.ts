import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { type Plan, simulate, type Typist, typeAgainstEachOther } from "../src/index.js";
import { planOf } from "../src/world/plan.js";
import { World } from "../src/world/world.js";
import { forgetsTheSetting } from "./broken-servers.js";

const SETTINGS = ["merge", "keep"] as const;
type Setting = (typeof SETTINGS)[number];

const documentsWith = (identicalInserts: Setting): Plan["documents"] => [
  { id: "doc", kind: "plain", identicalInserts },
];

/** The real server and two people with a real client, all connected. */
async function twoPeople(setting: Setting) {
  const random = new SeededRandom(5);
  const plan = { ...planOf(random.fork("plan")), documents: documentsWith(setting), latency: 50, json: false };
  const world = new World({ plan, random });
  world.startServer();
  const [ann, bob] = [world.join("ann"), world.join("bob")].map(({ documents }) => documents[0]?.handle);
  if (ann === undefined || bob === undefined) throw new Error("nobody has a document");
  const agree = (): boolean =>
    [ann, bob].every((handle) => handle.status === "Saved" && handle.version === world.disk.version("doc"));
  const quiet = async (): Promise<void> => {
    expect(await world.clock.runUntil(agree, 60_000)).toBe(true);
    await world.clock.settle();
    expect([bob.text(), bob.checksum]).toEqual([ann.text(), ann.checksum]);
    expect(world.violations).toEqual([]);
  };
  await quiet();
  return { world, ann, bob, quiet };
}

/** Waits for an answer that takes simulated time. */
async function contentAtServer(world: World): Promise<{ text: string; checksum: number }> {
  const answer = world.server?.server.documents.contentAt("doc", undefined);
  await world.clock.advance(1000);
  const content = (await answer)?.content;
  return { text: content?.text() ?? "", checksum: content?.checksum ?? -1 };
}

describe("E5: two people insert the same at one place, neither having seen the other's", () => {
  it.each([
    ["merge", "tea a"],
    ["keep", "tea tea a"],
  ] as const)("with %s it becomes %j, here, there and on the server", async (setting, expected) => {
    const { world, ann, bob, quiet } = await twoPeople(setting);
    ann.insert(0, "a");
    await quiet();
    ann.insert(0, "tea ");
    bob.insert(0, "tea ");
    await quiet();
    expect(ann.text()).toBe(expected);
    expect(await contentAtServer(world)).toEqual({ text: expected, checksum: ann.checksum });
  });

  it.each(SETTINGS)("with %s also after a restart of the server, and while one is offline", async (setting) => {
    const { world, ann, bob, quiet } = await twoPeople(setting);
    world.crashServer();
    ann.insert(0, "tea");
    bob.insert(0, "tea");
    await world.clock.advance(3000);
    world.startServer();
    await quiet();
    expect(ann.text()).toBe(setting === "merge" ? "tea" : "teatea");
  });

  it("what was kept is each one's own: one takes it back, the other's stays", async () => {
    const { ann, bob, quiet } = await twoPeople("keep");
    ann.insert(0, "tea");
    bob.insert(0, "tea");
    await quiet();
    ann.undo();
    await quiet();
    expect(bob.text()).toBe("tea");
  });
});

describe("E5 with E4: the same word, or one that starts alike, typed by two at one place", { timeout: 120_000 }, () => {
  const somebody = (word: string, random: SeededRandom): Typist => ({
    word,
    network: { up: { from: 0, to: random.between(0, 500) }, down: { from: 0, to: random.between(0, 500) } },
    start: random.between(0, 200),
    interval: () => random.between(20, 200),
    offline: random.chance(0.3) ? { letter: random.integer(word.length), duration: 300 } : undefined,
  });
  const typed = (seed: number, words: readonly string[], setting: Setting): Promise<string> => {
    const random = new SeededRandom(seed).fork(words.join(" "));
    const typists = words.map((word) => somebody(word, random));
    return typeAgainstEachOther(seed, typists, undefined, setting);
  };

  it("keep: both words are there, whole, whatever they share", async () => {
    for (let seed = 0; seed < 200; seed += 1) {
      for (const words of [
        ["Hello", "Hello"],
        ["Hello", "Help"],
      ] as const) {
        const text = await typed(seed, words, "keep");
        expect([words.join(""), words.toReversed().join("")], `seed ${seed}`).toContain(text);
      }
    }
  });

  it("merge: letters are shared from the start on, and never doubled in the middle", async () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) found.add(await typed(seed, ["Hello", "Hello"], "merge"));
    const allowed = [0, 1, 2, 3, 4, 5].map((shared) => "Hello".slice(0, shared) + "Hello".slice(shared).repeat(2));
    expect([...found].filter((text) => !allowed.includes(text))).toEqual([]);
    expect(found.size).toBeGreaterThan(1);
  });
});

describe("the seeds", () => {
  it("have both settings, and people who insert the same at the same moment", () => {
    const plans = Array.from({ length: 100 }, (_, seed) => planOf(new SeededRandom(seed).fork("plan")));
    const singing = plans.filter(({ choruses }) => choruses > 0).flatMap(({ documents }) => documents);
    for (const setting of SETTINGS) {
      expect(singing.filter(({ identicalInserts }) => identicalInserts === setting).length).toBeGreaterThan(20);
    }
  });

  it("find a server that does not say that equal inserts are kept", { timeout: 60_000 }, async () => {
    const promises = new Set<string>();
    for (let seed = 0; seed < 10; seed += 1) {
      const plan = { documents: documentsWith("keep"), choruses: 3 };
      const { violations } = await simulate({ seed, plan, factory: forgetsTheSetting });
      for (const { promise } of violations) promises.add(promise);
    }
    expect(promises).toContain("no error");
  });
});
