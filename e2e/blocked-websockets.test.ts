import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, type Person, person } from "./chromium.js";
import { createDocument, notOnce, status, text, untilText, words } from "./editor-page.js";
import { Network } from "./network.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `C13: a network without WebSockets${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess();
    const network = new Network(() => server.port);
    let browser: Browser;
    let ada: Person;
    let ben: Person;

    beforeAll(async () => {
      await server.start();
      await network.restore();
      network.blocksWebSockets = true;
      browser = await launch();
      [ada, ben] = await Promise.all([person(browser, network.url, "Ada"), person(browser, server.url, "Ben")]);
    });
    afterAll(async () => {
      await browser?.close();
      await network.cut();
      await server.dispose();
    });

    it("two people write together all the same; when WebSockets come through again, Ada moves to one while they type", async () => {
      let [polls, sockets] = [0, 0];
      ada.page.on("request", (request) => {
        if (request.url().endsWith("/v1/poll")) polls += 1;
      });
      ada.page.on("websocket", (socket) => {
        socket.on("framereceived", () => {
          sockets += 1;
        });
      });
      await createDocument(ada.page, "Behind a proxy", "Plain text");
      await text(ada.page).click();
      await ada.page.keyboard.type("Hello from Ada. ");
      await ben.page.goto(ada.page.url().replace(network.url, server.url));
      await untilText(ben.page, (now) => now.startsWith("Hello from Ada."));
      expect(polls).toBeGreaterThan(2);
      expect(sockets).toBe(0);

      const typed = { ada: words("ada", 60), ben: words("ben", 60) };
      await text(ben.page).click();
      const typing = Promise.all([
        ada.page.keyboard.type(`${typed.ada.join(" ")} `, { delay: 10 }),
        ben.page.keyboard.type(`${typed.ben.join(" ")} `, { delay: 10 }),
      ]);
      await untilText(ada.page, (now) => now.includes("ada10.") && now.includes("ben10."));
      network.blocksWebSockets = false;
      // What a browser says when its network is another one; otherwise it would take up to a minute.
      await ada.page.evaluate(() => window.dispatchEvent(new Event("online")));
      await typing;
      await Promise.all([status(ada.page, "Saved"), status(ben.page, "Saved")]);
      const all = [...typed.ada, ...typed.ben];
      const adaSees = await untilText(ada.page, (now) => notOnce(now, all).length === 0);
      expect(await untilText(ben.page, (now) => notOnce(now, all).length === 0)).toBe(adaSees);
      expect(sockets).toBeGreaterThan(2);
      const others = [...ada.complaints, ...ben.complaints].filter((line) => !/WebSocket/.test(line));
      expect(others).toEqual([]);
    });
  },
);
