import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM } from "./chromium.js";
import { fuzzBundle } from "./fuzz/bundle.js";
import type { EditorKind } from "./fuzz/editors.js";
import { openEditors } from "./fuzz/open-editors.js";
import { ServerProcess } from "./server-process.js";

const KINDS: readonly EditorKind[] = ["prosemirror", "codemirror", "quill"];

/** What of the bindings only a real browser can show (C14). */
describe.skipIf(CHROMIUM === undefined)(`bindings in a real browser${NEEDS_CHROMIUM}`, { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  let browser: Browser;
  let page: Page;
  let session: CDPSession;
  const complaints: string[] = [];

  beforeAll(async () => {
    await Promise.all([server.start(), fuzzBundle()]);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server.dispose();
  });
  beforeEach(() => {
    complaints.length = 0;
  });
  afterEach(async () => {
    await page?.context().close();
    expect(complaints).toEqual([]);
  });

  async function open(kind: EditorKind, text: string): Promise<void> {
    ({ page } = await openEditors({ browser, server, kind, seed: 1, delay: 0, complaints }));
    session = await page.context().newCDPSession(page);
    if (text !== "") await strangerEdits([{ insert: text }]);
    await untilAllHave(text);
  }

  const strangerEdits = (delta: unknown): Promise<void> => page.evaluate((given) => window.fuzz.edit(given), delta);
  const texts = (): Promise<readonly string[]> => page.evaluate(() => window.fuzz.texts());
  const frame = (): Promise<unknown> => page.evaluate(() => new Promise(requestAnimationFrame));
  const drawn = (editor: number): Promise<string> =>
    page.evaluate((index) => (window.fuzz.element(index).textContent ?? "").replaceAll("\uFEFF", ""), editor);

  async function until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`it stays ${JSON.stringify(await texts())}`);
      await frame();
    }
  }
  const untilAllHave = (text: string): Promise<void> => until(async () => (await texts()).every((one) => one === text));
  const settled = async (): Promise<void> => {
    const report = await page.evaluate(() => window.fuzz.settle());
    expect(report.differences).toEqual([]);
    expect(report.refused).toEqual([]);
  };

  describe.each(KINDS)("%s", (kind) => {
    it("a word under composition stays, whatever others do to it; then both are there", async () => {
      await open(kind, "hello world");
      await page.evaluate(() => {
        window.fuzz.select(0, 1, 1);
        const counts = { ends: 0 };
        Object.assign(window, { counts });
        window.fuzz.element(0).addEventListener("compositionend", () => {
          counts.ends += 1;
        });
      });
      const ends = () => page.evaluate(() => (window as unknown as { counts: { ends: number } }).counts.ends);
      const compose = (text: string) =>
        session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
      await compose("k");
      await compose("ka");
      await strangerEdits([{ retain: 8 }, { insert: "X" }]);
      await until(async () => (await drawn(1)).includes("woXrld"));
      await frame();
      expect(await ends()).toBe(0);
      expect(await drawn(0)).toBe("hello worldka");
      await strangerEdits([{ delete: 6 }]);
      await until(async () => (await drawn(1)).startsWith("woXrld"));
      await compose("かn");
      await session.send("Input.insertText", { text: "漢字" });
      await untilAllHave("woXrld漢字");
      await until(async () => (await drawn(0)) === "woXrld漢字");
      expect(await ends()).toBe(1);
      await settled();
    });

    it("others' carets glide: one element each, with a name, moved and not made anew; they fade, and come back", async () => {
      await open(kind, "one two three");
      await page.evaluate(() => window.fuzz.select(0, 0, 0));
      await page.evaluate(() => window.fuzz.select(1, 0.3, 0.3));
      const caret = page.locator("#editor-0 .tutti-cursor");
      await caret.first().waitFor({ state: "attached" });
      const named = page.locator("#editor-0 .tutti-cursor-name", { hasText: "Ben" });
      await named.waitFor({ state: "attached" });
      const before = await named.evaluate((name) => {
        const element = name.parentElement;
        Object.assign(window, { caret: element });
        return element?.getBoundingClientRect().left ?? 0;
      });
      await page.evaluate(() => window.fuzz.select(1, 0.9, 0.9));
      await until(() =>
        named.evaluate((name, left) => (name.parentElement?.getBoundingClientRect().left ?? 0) > left + 20, before),
      );
      expect(
        await named.evaluate((name) => name.parentElement === (window as unknown as { caret: Element }).caret),
      ).toBe(true);
      const glide = await named.evaluate((name) => getComputedStyle(name.parentElement ?? name).transitionDuration);
      // As long as the next word of the other is to be waited for, as far as can be told.
      expect(Number.parseFloat(glide)).toBeGreaterThanOrEqual(0.08);
      expect(Number.parseFloat(glide)).toBeLessThanOrEqual(0.6);
      const opacity = (): Promise<number> =>
        named.evaluate((name) => Number(getComputedStyle(name.parentElement ?? name).opacity));
      // A last word of the other about the place may still come, and start it anew.
      await until(async () => {
        await named.evaluate((name) => {
          for (const animation of name.parentElement?.getAnimations() ?? []) animation.finish();
        });
        return Math.abs((await opacity()) - 0.4) < 0.005;
      });
      await page.evaluate(() => window.fuzz.select(1, 0.5, 0.5));
      await until(async () => (await opacity()) === 1);
      await page.emulateMedia({ reducedMotion: "reduce" });
      expect(await named.evaluate((name) => getComputedStyle(name.parentElement ?? name).transitionProperty)).toBe(
        "none",
      );
      await page.evaluate(() => window.fuzz.select(1, 0.2, 0.8));
      await page.locator("#editor-0 .tutti-selection").first().waitFor({ state: "attached" });
    });

    it("keys undo my own edits only, and what is written comes back to where it was", async () => {
      await open(kind, "theirs");
      await page.evaluate(() => window.fuzz.select(0, 1, 1));
      await page.keyboard.type(" mine");
      await untilAllHave("theirs mine");
      await strangerEdits([{ insert: "more " }]);
      await untilAllHave("more theirs mine");
      await page.evaluate(() => window.fuzz.focus(0));
      await page.keyboard.press("Control+z");
      await untilAllHave("more theirs");
      await page.keyboard.press("Control+y");
      await untilAllHave("more theirs mine");
      await settled();
    });
  });

  it.each(["prosemirror", "quill"] as const)(
    "%s: what it doesn't know survives any editing around it",
    async (kind) => {
      await open(kind, "");
      const unknown = [
        { insert: "ab", attributes: { mystery: { deep: [1] } } },
        { insert: { chart: { rows: [1, 2] } }, attributes: { theme: "dark" } },
        { insert: "cd" },
        { insert: "\n", attributes: { widget: 7, header: 9 } },
      ];
      await strangerEdits(unknown);
      await untilAllHave("ab\uFFFCcd\n");
      expect(await drawn(0)).toContain("[chart]");
      await page.evaluate(() => window.fuzz.select(0, 0, 0));
      await page.keyboard.type("x");
      // Faster than any hand, the browser has not told the editor yet what is selected.
      for (const key of ["Shift+End", "Control+b", "End"]) {
        await page.keyboard.press(key);
        await frame();
        await frame();
      }
      await page.keyboard.type("y");
      await untilAllHave("xab\uFFFCcdy\n");
      await settled();
      const content = await page.evaluate(() => window.fuzz.content(2));
      expect(content).toEqual([
        expect.objectContaining({ insert: "x" }),
        { insert: "ab", attributes: { bold: true, mystery: { deep: [1] } } },
        { insert: { chart: { rows: [1, 2] } }, attributes: { bold: true, theme: "dark" } },
        expect.objectContaining({ insert: "cdy" }),
        { insert: "\n", attributes: { widget: 7, header: 9 } },
      ]);
    },
  );

  it.each(["prosemirror", "quill"] as const)(
    "%s: of pasted HTML nothing runs and nothing unsafe stays",
    async (kind) => {
      await open(kind, "");
      const html = `<p onclick="window.ran = 1">text<img src="data:image/gif;base64,AAAA" onerror="window.ran = 1"><script>window.ran = 1</script>
      <a href="javascript:window.ran=1">link</a><svg onload="window.ran = 1"></svg>
      <span class="tutti-embed" data-tutti-embed="not json">chip</span></p>`;
      await page.evaluate((pasted) => {
        window.fuzz.focus(0);
        window.fuzz.paste(0, { "text/html": pasted, "text/plain": "text" });
      }, html);
      await until(async () => (await texts()).every((text) => text.includes("link")));
      await frame();
      expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
      const drawnHtml = await page.evaluate(() => window.fuzz.element(1).innerHTML);
      expect(drawnHtml).not.toMatch(/onerror|onclick|onload|<script|<svg|javascript:/);
      await settled();
    },
  );

  it("prosemirror: items are items of lists for screen readers, with their depth", async () => {
    await open("prosemirror", "");
    await strangerEdits([
      { insert: "one" },
      { insert: "\n", attributes: { list: "bullet" } },
      { insert: "two" },
      { insert: "\n", attributes: { list: "checked", indent: 1 } },
    ]);
    await untilAllHave("one\ntwo\n");
    await until(async () => (await page.locator("#editor-0 [role=listitem]").count()) === 2);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const items = nodes.filter((node) => node.role?.value === "listitem");
    const levels = items.map(({ properties = [] }) => properties.find(({ name }) => name === "level")?.value.value);
    expect(levels).toEqual([1, 2, 1, 2]);
    expect(items[1]?.description?.value).toBe("checked");
  });
});
