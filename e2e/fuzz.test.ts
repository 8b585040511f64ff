import { SeededRandom } from "@tutti/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM } from "./chromium.js";
import { act, type Stage } from "./fuzz/actions.js";
import { fuzzBundle } from "./fuzz/bundle.js";
import type { EditorKind } from "./fuzz/editors.js";
import { openEditors } from "./fuzz/open-editors.js";
import { ServerProcess } from "./server-process.js";

/**
 * Two people in two editors of a real browser do whatever comes to a seed's mind, over slow networks, while a third
 * one formats and inserts what the editors don't know (C14). In the end all have the same.
 *
 * `TUTTI_FUZZ_STEPS`, `TUTTI_FUZZ_SEEDS` (how many) and `TUTTI_SEED` (the first) make it longer, or look elsewhere.
 */
const STEPS = Number(process.env["TUTTI_FUZZ_STEPS"] ?? 120);
const SEEDS = Number(process.env["TUTTI_FUZZ_SEEDS"] ?? 2);
const FIRST = Number(process.env["TUTTI_SEED"] ?? 1);

/** Seeds that once found something, and how many steps it took. */
const REGRESSIONS: readonly (readonly [EditorKind, number, number])[] = [
  // Quill's own comparison tore a surrogate pair apart.
  ["quill", 4, 120],
];

/** Longest time that a message is on its way, in milliseconds: from a local network to a bad mobile one. */
const DELAYS = [250, 20, 800, 100] as const;

const KINDS: readonly EditorKind[] = ["prosemirror", "codemirror", "quill"];

describe.skipIf(CHROMIUM === undefined)(`editors under random hands${NEEDS_CHROMIUM}`, { timeout: 600_000 }, () => {
  const server = new ServerProcess();
  let browser: Browser;

  beforeAll(async () => {
    process.env["TUTTI_LIMITS"] = "off";
    await Promise.all([server.start(), fuzzBundle()]);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server.dispose();
  });

  async function run(kind: EditorKind, seed: number, steps: number): Promise<void> {
    const complaints: string[] = [];
    const { page, token, document } = await openEditors({
      browser,
      server,
      kind,
      seed,
      delay: DELAYS[seed % DELAYS.length] ?? 250,
      complaints,
    });
    const session = await page.context().newCDPSession(page);
    const stage: Stage = { page, session, random: new SeededRandom(seed), log: [] };
    try {
      for (let step = 0; step < steps; step += 1) {
        await act(stage);
        if (complaints.length > 0) break;
      }
      const report = await page.evaluate(() => window.fuzz.settle());
      const stored = await server.content(token, document);
      expect(complaints).toEqual([]);
      expect(report.refused).toEqual([]);
      expect(report.differences).toEqual([]);
      expect(new Set(report.contents).size).toBe(1);
      expect(report.versions).toEqual(report.versions.map(() => stored.version));
      expect(report.checksums).toEqual(report.checksums.map(() => stored.checksum));
      expect(stored.version).toBeGreaterThan(0);
    } catch (error) {
      const tail = stage.log.slice(-25).join("\n");
      throw new Error(`${kind}, seed ${seed}, after ${stage.log.length} steps:\n${tail}\n${String(error)}`, {
        cause: error,
      });
    } finally {
      await page.context().close();
    }
  }

  for (const kind of KINDS) {
    for (const seed of Array.from({ length: SEEDS }, (_value, index) => FIRST + index)) {
      it(`${kind}, seed ${seed}: ${STEPS} steps, then everybody has the same`, () => run(kind, seed, STEPS));
    }
  }

  for (const [kind, seed, steps] of REGRESSIONS) {
    it(`${kind}, seed ${seed}: found something once`, () => run(kind, seed, steps));
  }
});
