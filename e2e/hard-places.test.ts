import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, OF_THE_NETWORK, signIn, watch } from "./chromium.js";
import { createDocument, documentOn, notOnce, status, untilText, words } from "./editor-page.js";
import { Network } from "./network.js";
import { OtherPerson } from "./other-person.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `browsers that don't let the app do everything${NEEDS_CHROMIUM}`,
  {
    timeout: 120_000,
  },
  () => {
    const server = new ServerProcess();
    const network = new Network(() => server.port);
    let browser: Browser;

    beforeAll(async () => {
      await server.start();
      await network.restore();
      browser = await launch();
    });
    afterEach(() => network.restore());
    afterAll(async () => {
      await browser?.close();
      await network.cut();
      await server.dispose();
    });

    /** A window in which `prepare` has run before the app; its complaints must be of the network alone. */
    async function inWindow(prepare: (() => void) | undefined, act: (page: Page) => Promise<void>): Promise<void> {
      const context = await browser.newContext();
      const page = await context.newPage();
      const complaints: string[] = [];
      watch(page, complaints);
      if (prepare !== undefined) await page.addInitScript(prepare);
      await page.goto(network.url);
      await signIn(page, "Ada");
      await act(page);
      await context.close();
      expect(complaints.filter((line) => !OF_THE_NETWORK.test(line))).toEqual([]);
    }

    it("C3: where nothing may be stored it works in memory, says so, and warns of leaving only while text would be lost", async () => {
      const refuseStorage = () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("not in a private window", "SecurityError");
        };
      };
      await inWindow(refuseStorage, async (page) => {
        await createDocument(page, "Private", "Rich text");
        await page.getByText("This browser keeps nothing on this device").waitFor();
        await page.keyboard.type("one two ");
        await status(page, "Saved");
        await network.cut();
        await status(page, "Working offline");
        await page.keyboard.type("three ");
        await status(page, "Changes may not be saved");
        await page.getByRole("status").getByRole("button").first().hover();
        await page.getByRole("tooltip").filter({ hasText: "Leave the page open" }).waitFor();
        const asked = page.waitForEvent("dialog");
        await page.close({ runBeforeUnload: true });
        const dialog = await asked;
        expect(dialog.type()).toBe("beforeunload");
        await dialog.dismiss();
        await network.restore();
        await page.evaluate(() => window.dispatchEvent(new Event("online")));
        await status(page, "Saved");
        expect(await server.text(await server.signIn("Auditor"), documentOn(page))).toContain("one two three");
      });
    });

    it("C3: what is stored on the device may be left without a question", async () => {
      await inWindow(undefined, async (page) => {
        await createDocument(page, "Stored", "Rich text");
        await status(page, "Saved");
        await network.cut();
        await status(page, "Working offline");
        await page.keyboard.type("kept on this device ");
        await page.getByRole("status").getByRole("button").first().hover();
        await page.getByRole("tooltip").filter({ hasText: "you may close this page" }).waitFor();
        let asked = false;
        page.on("dialog", (dialog) => {
          asked = true;
          void dialog.accept();
        });
        const closed = page.waitForEvent("close");
        await page.close({ runBeforeUnload: true });
        await closed;
        expect(asked).toBe(false);
      });
    });

    it("A1: a session that is about to end is renewed while somebody writes, and they stay who they are", async () => {
      await inWindow(undefined, async (page) => {
        const { id } = await page.evaluate(() => JSON.parse(localStorage.getItem("tutti.session") ?? "{}").user);
        const ends = Date.now() + 4000;
        await page.evaluate(
          (token) => {
            const session = JSON.parse(localStorage.getItem("tutti.session") ?? "{}");
            for (const storage of [localStorage, sessionStorage]) {
              storage.setItem("tutti.session", JSON.stringify({ ...session, token }));
            }
          },
          server.tokenUntil(id, "Ada", ends),
        );
        await page.reload();
        await createDocument(page, "A long day", "Rich text");
        while (Date.now() < ends + 1000) await page.keyboard.type("on and on ", { delay: 20 });
        await page.keyboard.type("to the end ");
        await status(page, "Saved");
        const session = await page.evaluate(() => JSON.parse(localStorage.getItem("tutti.session") ?? "{}"));
        expect(session.user.id).toBe(id);
        expect(await server.text(session.token, documentOn(page))).toContain("to the end");
      });
    });

    it("C13: where WebSockets are blocked the same text arrives by polling, both ways, and nobody notices", async () => {
      network.blocksWebSockets = true;
      try {
        await inWindow(undefined, async (page) => {
          await createDocument(page, "By polling", "Rich text");
          const typed = words("ada", 30);
          await page.keyboard.type(`${typed.join(" ")} `);
          await status(page, "Saved");
          const ben = await OtherPerson.join(server, "Ben", documentOn(page));
          const others = words("ben", 30);
          await ben.scatter(others);
          await untilText(page, (now) => notOnce(now, [...typed, ...others]).length === 0);
          await status(page, "Saved");
          expect(notOnce(ben.document.text(), [...typed, ...others])).toEqual([]);
          ben.leave();
        });
      } finally {
        network.blocksWebSockets = false;
      }
    });
  },
);
