import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Passage } from "../../src/vandalism/content-check.js";
import { loadContentCheck } from "../../src/vandalism/load-content-check.js";
import { counting, pageOf, textOf } from "./given.js";

const PAUSE = 1100;

describe("the content check", () => {
  it("L4: flags what it does not like, without blocking: log, metric, audit record, alert", async () => {
    const { observer, counted } = counting();
    const check = ({ text }: Passage) => (text.includes("pills") ? "advertisement" : undefined);
    const { world, ann, bob } = await pageOf({ observer, contentCheck: { check } });
    counted.length = 0;
    bob.submit(1, 1, [{ insert: "buy " }]);
    await world.quiet(300);
    bob.submit(2, 2, [{ retain: 4 }, { insert: "pills" }, { insert: { image: "x" } }]);
    await world.quiet(300);
    expect(ann.last("committed").version).toBe(3);
    expect(ann.all("alert")).toEqual([]);
    await world.quiet(PAUSE);
    const user = { id: "bob", name: "Name of bob" };
    const alert = { type: "alert", document: "doc", version: 2, kind: "flagged", user, reason: "advertisement" };
    expect(ann.all("alert")).toEqual([alert]);
    expect(counted).toEqual(["flagged", "flagged"]);
    const [record] = await world.done(world.store.auditRecords({ document: "doc" }, 1));
    expect(record).toMatchObject({ user: "bob", action: "alert.raised", details: { reason: "advertisement" } });
    expect(await textOf(world)).toContain("buy pills");
  });

  it("L4: gets what one person wrote in a moment as one passage, and one passage at a time", async () => {
    const passages: Passage[] = [];
    let atOnce = 0;
    let most = 0;
    const { world, ann, bob } = await pageOf({
      contentCheck: {
        check: async (passage) => {
          passages.push(passage);
          atOnce += 1;
          most = Math.max(most, atOnce);
          await new Promise<void>((resolve) => {
            world.clock.schedule(100, resolve);
          });
          atOnce -= 1;
          return undefined;
        },
      },
    });
    await world.quiet(2000);
    [passages.length, atOnce, most] = [0, 0, 0];
    bob.submit(1, 1, [{ insert: "a" }]);
    ann.submit(1, 1, [{ insert: "A" }]);
    await world.quiet(100);
    bob.submit(2, 3, [{ delete: 5 }]);
    await world.quiet(100);
    bob.submit(3, 4, [{ insert: "b" }, { insert: { image: "x" } }]);
    await world.quiet(3000);
    expect(passages.map(({ user, first, last, text }) => [user, first, last, text])).toEqual([
      ["bob", 2, 5, "ab\uFFFC"],
      ["ann", 3, 3, "A"],
    ]);
    expect(most).toBe(1);
  });

  const HARMLESS = [
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
    ["never answers", () => new Promise<undefined>(() => {})],
    ["answers nonsense", () => 7 as unknown as string],
  ] as const;
  for (const [name, check] of HARMLESS) {
    it(`L4: one that ${name} harms nobody, and is asked again about the next text`, async () => {
      const { observer, counted } = counting();
      const { world, ann, bob } = await pageOf({ observer, contentCheck: { check } });
      counted.length = 0;
      for (let edit = 1; edit <= 3; edit += 1) {
        const before = world.clock.now();
        bob.submit(edit, edit, [{ insert: "x" }]);
        await world.clock.runUntil(() => bob.all("committed").at(-1)?.version === edit + 1, 1000);
        expect(world.clock.now() - before).toBeLessThan(50);
        await world.quiet(7000);
      }
      expect(counted).toEqual(["failed", "failed", "failed"]);
      expect(ann.all("alert")).toEqual([]);
    });
  }

  it("L4: what is too much for it is not checked, is counted, and costs no memory", async () => {
    const { observer, counted } = counting();
    const check = () => new Promise<undefined>(() => {});
    const { world, bob } = await pageOf({
      observer,
      contentCheck: { check },
      vandalism: { checkQueue: 2, checkPause: 10 },
    });
    counted.length = 0;
    for (let edit = 1; edit <= 6; edit += 1) {
      bob.submit(edit, edit, [{ insert: "x" }]);
      await world.quiet(50);
    }
    // The first is being checked, two wait; of those that wait, one still grows.
    expect(counted.filter((outcome) => outcome === "dropped").length).toBeLessThan(6);
    expect(bob.last("committed").version).toBe(7);
    await world.clock.advance(20_000);
    expect(counted.filter((outcome) => outcome === "failed").length).toBeGreaterThanOrEqual(1);
  });

  it("L4: who is flagged again and again within a minute is one case", async () => {
    const { observer, counted } = counting();
    const { world, ann, bob } = await pageOf({ observer, contentCheck: { check: () => "x".repeat(300) } });
    counted.length = 0;
    ann.received.length = 0;
    for (let edit = 1; edit <= 4; edit += 1) {
      bob.submit(edit, edit, [{ insert: "x" }]);
      await world.quiet(2000);
    }
    expect(counted.filter((outcome) => outcome === "flagged").length).toBe(8);
    expect(ann.all("alert")).toHaveLength(1);
    expect(ann.last("alert").reason).toHaveLength(200);
  });
});

describe("the module of a content check", () => {
  const folder = mkdtempSync(join(tmpdir(), "tutti-check-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const moduleOf = (name: string, source: string): string => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, source);
    return file;
  };

  it("L4: is what its createContentCheck returns, at once or later", async () => {
    const source = "export const createContentCheck = async () => ({ check: ({ text }) => text });";
    const check = await loadContentCheck(moduleOf("good", source));
    const passage = { document: "doc", user: "bob", first: 1, last: 1, text: "hello" };
    expect(check.check(passage, new AbortController().signal)).toBe("hello");
  });

  it("says what is wrong with it", async () => {
    await expect(loadContentCheck(moduleOf("none", "export const other = 1;"))).rejects.toThrow(/exports no function/);
    const wrong = "export const createContentCheck = () => 7;";
    await expect(loadContentCheck(moduleOf("wrong", wrong))).rejects.toThrow(/without a method check/);
    await expect(loadContentCheck(join(folder, "missing.mjs"))).rejects.toThrow();
  });
});
