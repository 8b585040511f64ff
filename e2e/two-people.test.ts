import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, OF_THE_NETWORK, type Person, person } from "./chromium.js";
import { countOf, createDocument, documentOn, status, text, untilText, words } from "./editor-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(`two people in real browsers${NEEDS_CHROMIUM}`, { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  let browser: Browser;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    await server.start();
    browser = await launch();
    [ada, ben] = await Promise.all([person(browser, server.url, "Ada"), person(browser, server.url, "Ben")]);
  });
  afterAll(async () => {
    await browser?.close();
    await server.dispose();
  });

  /** Ada makes a document, Ben opens it by its address. */
  async function together(kind: "Rich text" | "Plain text"): Promise<void> {
    await ada.page.goto(server.url);
    await createDocument(ada.page, `${kind} of two`, kind);
    await ben.page.goto(ada.page.url());
    await text(ben.page).waitFor();
    // Names beside remote cursors are not part of the text.
    for (const { page } of [ada, ben])
      await page.addStyleTag({ content: ".tutti-cursor { display: none !important }" });
  }

  for (const kind of ["Rich text", "Plain text"] as const) {
    it(`${kind}: both type at once, see each other's letters, names and cursors`, async () => {
      await together(kind);
      await text(ada.page).click();
      await ada.page.keyboard.type("Hello from Ada");
      await untilText(ben.page, (now) => now.includes("Hello from Ada"));
      await text(ben.page).click();
      await ben.page.keyboard.press("Control+End");
      await Promise.all([
        ada.page.keyboard.type(" and more of her", { delay: 15 }),
        ben.page.keyboard.type(" while Ben types", { delay: 15 }),
      ]);
      const complete = (now: string) => now.includes(" and more of her") && now.includes(" while Ben types");
      expect(await untilText(ada.page, complete)).toContain("Hello from Ada");
      await untilText(ben.page, complete);
      await ada.page.locator(".tutti-cursor").first().waitFor({ state: "attached" });
      expect(await ada.page.locator(".tutti-cursor-name").first().textContent()).toBe("Ben");
      expect(await ada.page.getByRole("list", { name: "People here" }).getByRole("listitem").count()).toBe(2);
      await status(ada.page, "Saved");
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });

    it(`${kind}: kill -9 while both type; both come back by themselves, every letter is there, once`, async () => {
      await together(kind);
      await text(ada.page).click();
      await text(ben.page).click();
      const typed = { ada: words("ada", 60), ben: words("ben", 60) };
      const typing = Promise.all([
        ada.page.keyboard.type(`${typed.ada.join(" ")} `, { delay: 12 }),
        ben.page.keyboard.type(`${typed.ben.join(" ")} `, { delay: 12 }),
      ]);
      for (const landmark of ["ada10.", "ada30."]) {
        await untilText(ada.page, (now) => now.includes(landmark));
        await server.kill();
        await server.start();
      }
      await typing;
      await Promise.all([status(ada.page, "Saved"), status(ben.page, "Saved")]);
      const all = [...typed.ada, ...typed.ben];
      const complete = (now: string) => all.every((word) => countOf(now, word) === 1);
      const adaSees = await untilText(ada.page, complete);
      expect(await untilText(ben.page, complete)).toBe(adaSees);
      const token = await server.signIn("Auditor");
      const stored = await server.text(token, documentOn(ada.page));
      expect(all.filter((word) => countOf(stored, word) !== 1)).toEqual([]);
      const others = [...ada.complaints, ...ben.complaints].filter((line) => !OF_THE_NETWORK.test(line));
      expect(others).toEqual([]);
      ada.complaints.length = 0;
      ben.complaints.length = 0;
    });
  }

  it("formats: bold, italic, headings, lists, links, quotes and code blocks reach the other window, and undo takes back only mine", async () => {
    await together("Rich text");
    const { page } = ada;
    const button = (name: RegExp) => page.getByRole("button", { name }).first();
    await text(page).click();
    await page.keyboard.type("Title");
    await button(/^Heading 1/).click();
    await page.keyboard.press("Enter");
    for (const [name, word] of [
      [/^Bold/, "strong"],
      [/^Italic/, "slanted"],
    ] as const) {
      await button(name).click();
      await page.keyboard.type(word);
      await button(name).click();
      await page.keyboard.type(" ");
    }
    await page.keyboard.press("Enter");
    for (const [name, line] of [
      [/^Bulle/, "item"],
      [/quote/i, "said"],
      [/^Code block/, "let x"],
    ] as const) {
      await button(name).click();
      await page.keyboard.type(line);
      await page.keyboard.press("Control+End");
      await button(name).click();
      await page.keyboard.press("Enter");
    }
    const there = ben.page;
    await untilText(there, (now) => now.includes("let x"));
    const html = await text(there).innerHTML();
    expect(html).toMatch(/<h1[^>]*>Title/);
    expect(html).toMatch(/<strong>strong<\/strong>/);
    expect(html).toMatch(/<em>slanted<\/em>/);
    await text(there).click();
    await there.keyboard.press("Control+End");
    await there.keyboard.type("Ben was here");
    await untilText(page, (now) => now.includes("Ben was here"));
    for (let step = 0; step < 40; step += 1) await page.keyboard.press("Control+z");
    const left = await untilText(there, (now) => !now.includes("Title"));
    expect(left).toBe("Ben was here");
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
  });

  it("says in its first lines where the page is, where the data is, and that it listens on this machine only", () => {
    expect(server.greeting[0]).toContain(server.url);
    expect(server.greeting[1]).toContain(server.data);
    expect(server.greeting[2]).toContain("this machine only");
  });
});
