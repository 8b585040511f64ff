import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, NEEDS_CHROMIUM, OF_THE_NETWORK } from "./chromium.js";
import {
  createDocument,
  documentOn,
  type Kind,
  mayLeave,
  notOnce,
  paste,
  status,
  text,
  untilText,
  words,
} from "./editor-page.js";
import { Laptop } from "./laptop.js";
import { Network } from "./network.js";
import { OtherPerson } from "./other-person.js";
import { ServerProcess } from "./server-process.js";

const report = (line: string): void => void process.stdout.write(`${line}\n`);

describe.skipIf(CHROMIUM === undefined)(`a laptop that comes and goes${NEEDS_CHROMIUM}`, { timeout: 240_000 }, () => {
  const server = new ServerProcess();
  const network = new Network(() => server.port);
  let laptop: Laptop;
  let page: Page;

  beforeAll(async () => {
    await server.start();
    await network.restore();
  });
  afterAll(async () => {
    await network.cut();
    await server.dispose();
  });
  beforeEach(async () => {
    laptop = new Laptop();
    await laptop.start();
    page = await laptop.signIn(network.url, "Ada");
    // From here on the app is on the laptop.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  });
  afterEach(async () => {
    await network.restore();
    const others = laptop.complaints.filter((line) => !OF_THE_NETWORK.test(line));
    await laptop.dispose();
    expect(others).toEqual([]);
  });

  const loseTheNetwork = async () => {
    await Promise.all([laptop.setOffline(true), network.cut()]);
    await status(page, "Working offline");
  };

  /** @returns when there is a network again, as `performance.now()` */
  const findTheNetwork = async (): Promise<number> => {
    await network.restore();
    const now = performance.now();
    await laptop.setOffline(false);
    return now;
  };

  /** Ends with the same text everywhere, in which every word stands once. @returns that text */
  async function expectOnce(expected: readonly string[], pages: readonly Page[] = [page]): Promise<string> {
    const complete = (now: string) => notOnce(now, expected).length === 0;
    const seen = await Promise.all(pages.map((each) => untilText(each, complete)));
    await Promise.all(pages.map((each) => status(each, "Saved")));
    const stored = await server.text(await server.signIn("Auditor"), documentOn(page));
    expect(notOnce(stored, expected)).toEqual([]);
    for (const now of seen) expect(now.split(/\s+/).sort()).toEqual(stored.trim().split(/\s+/).sort());
    return stored;
  }

  for (const kind of ["Rich text", "Plain text"] as const satisfies readonly Kind[]) {
    it(`C3: ${kind}: written offline, through a reload and a restart of the browser, while others write: all there, once`, async () => {
      await createDocument(page, "The plan", kind);
      await page.keyboard.type("It begins here. ");
      await status(page, "Saved");
      const address = page.url();
      const ben = await OtherPerson.join(server, "Ben", documentOn(page));

      await loseTheNetwork();
      const typed = words("typed", 100);
      const pasted = words("pasted", 400);
      await page.keyboard.type(`${typed.join(" ")} `);
      for (let from = 0; from < pasted.length; from += 100) {
        await paste(page, `${pasted.slice(from, from + 100).join(" ")} `);
      }
      const before = [...typed, ...pasted];
      const complete = (now: string) => notOnce(now, before).length === 0;
      await untilText(page, complete);

      await mayLeave(page);
      await page.reload();
      await untilText(page, complete);
      await status(page, "Working offline");

      await laptop.close();
      await laptop.start();
      await laptop.setOffline(true);
      page = await laptop.tab(address);
      await untilText(page, complete);
      const opened = await laptop.openedAfter(page);
      await text(page).click();
      await page.keyboard.press("Control+End");
      const later = words("later", 50);
      await page.keyboard.type(` ${later.join(" ")} `);

      const others = words("ben", 2000);
      await ben.scatter(others);
      const all = [...before, ...later, ...others];
      const back = await findTheNetwork();
      await untilText(page, (now) => notOnce(now, all).length === 0);
      const took = performance.now() - back;
      report(
        `${kind}: the page opened offline in ${opened} ms; all text is there ${took.toFixed(0)} ms after the network`,
      );
      await expectOnce(all);
      ben.leave();
      expect(opened).toBeLessThan(5000);
      expect(took).toBeLessThan(10_000);
    });
  }

  for (const connected of [true, false]) {
    it(`C3: kill -9 of the browser while somebody types ${connected ? "online" : "offline"}: nothing older than a moment is lost, nothing is there twice`, async () => {
      await createDocument(page, "A crash", "Rich text");
      await status(page, "Saved");
      const address = page.url();
      // The browser writes down who is signed in when it feels like it; a start of its own makes sure of that.
      await laptop.close();
      await laptop.start();
      page = await laptop.tab(address);
      await text(page).click();
      if (!connected) await loseTheNetwork();
      const typed = words("w", 200);
      const typing = page.keyboard.type(`${typed.join(" ")} `, { delay: 3 }).catch(() => undefined);
      await untilText(page, (now) => now.includes("w150."));
      await laptop.crash();
      await typing;

      await laptop.start();
      if (!connected) await laptop.setOffline(true);
      page = await laptop.tab(address);
      const found = await untilText(page, (now) => now.includes("w100."));
      const last = typed.findLastIndex((word) => found.split(/\s+/).includes(word));
      report(`killed ${connected ? "online" : "offline"}: typed at least to w150, there are words up to w${last}`);
      expect(last).toBeGreaterThanOrEqual(140);
      await text(page).click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" afterwards ");
      if (!connected) await findTheNetwork();
      await expectOnce([...typed.slice(0, last), "afterwards"]);
    });
  }

  it("C3: two tabs of one person, both written in offline, one of them closed: both texts arrive, once", async () => {
    await createDocument(page, "Two tabs", "Rich text");
    await page.keyboard.type("It begins here. ");
    await status(page, "Saved");
    const second = await laptop.tab(page.url());
    await untilText(second, (now) => now.includes("It begins here."));
    await status(second, "Saved");
    await loseTheNetwork();
    const [mine, also] = [words("first", 40), words("second", 40)];
    await page.bringToFront();
    await page.keyboard.type(`${mine.join(" ")} `);
    await second.bringToFront();
    await text(second).click();
    await second.keyboard.press("Control+End");
    // What was typed in the last moment before a tab is gone may be gone with it.
    await second.keyboard.type(` ${also.join(" ")} and the end`);
    await untilText(second, (now) => now.includes("the end"));
    await Promise.all([mayLeave(page), mayLeave(second)]);
    await second.close({ runBeforeUnload: false });
    await page.bringToFront();
    await page.reload();
    await text(page).waitFor();
    await findTheNetwork();
    await expectOnce([...mine, ...also]);
  });

  it("C3: the list of documents is there without a network, and says which of them open", async () => {
    await createDocument(page, "Seen before", "Rich text");
    await page.keyboard.type("Something");
    await status(page, "Saved");
    await page.getByRole("link", { name: "All documents" }).click();
    await server.createDocument(await server.signIn("Ben"), "rich");
    await page.reload();
    const rows = page.getByRole("listitem");
    await rows.filter({ hasText: "A rich document" }).waitFor();
    await Promise.all([laptop.setOffline(true), network.cut()]);
    await page.reload();
    await page.getByText("The server can't be reached").waitFor();
    expect(await rows.filter({ hasText: "Seen before" }).textContent()).toContain("On this device");
    expect(await rows.filter({ hasText: "A rich document" }).first().textContent()).toContain("Needs a network");
    const click = performance.now();
    await page.getByRole("link", { name: "Seen before" }).click();
    await untilText(page, (now) => now === "Something");
    report(`from the list, a document opened offline in ${(performance.now() - click).toFixed(0)} ms`);
    await findTheNetwork();
    await status(page, "Saved");
  });
});
