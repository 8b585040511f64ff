import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, type Person, person } from "./chromium.js";
import { createDocument, type Kind, status, text, untilText } from "./editor-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `L4: somebody deletes most of a document${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess({
      TUTTI_VANDALISM_LENGTH: "50",
      TUTTI_VANDALISM_CONTENT_CHECK: fileURLToPath(new URL("../examples/dist/content-check/main.js", import.meta.url)),
    });
    let browser: Browser;
    let ada: Person;
    let mal: Person;

    beforeAll(async () => {
      await server.start();
      browser = await launch();
      ada = await person(browser, server.url, "Ada");
      mal = await person(browser, server.url, "Mal");
    });
    afterAll(async () => {
      await browser?.close();
      await server.dispose();
    });

    const LAUGH = "ha ha ha!";
    const SENTENCE = "What took Ada all afternoon to write down stands here. ";

    async function vandalised(kind: Kind): Promise<void> {
      await ada.page.goto(server.url);
      await createDocument(ada.page, `${kind} at risk`, kind);
      await text(ada.page).click();
      await ada.page.keyboard.type(SENTENCE.repeat(3));
      await status(ada.page, "Saved");
      await mal.page.goto(ada.page.url());
      await untilText(mal.page, (now) => now.includes("all afternoon"));
      await text(mal.page).click();
      await mal.page.keyboard.press("Control+a");
      await mal.page.keyboard.press("Delete");
      await mal.page.keyboard.type(LAUGH);
      await untilText(ada.page, (now) => now === LAUGH);
    }

    for (const kind of ["Rich text", "Plain text"] as const satisfies readonly Kind[]) {
      it(`${kind}: everybody who may edit is told; one click brings the text back, what came since stays`, async () => {
        await vandalised(kind);
        const alert = ada.page.getByRole("alert").filter({ hasText: "Mal deleted" });
        await alert.getByText(/^Mal deleted (most|all) of this document\.$/).waitFor();
        await mal.page.getByText(/^You deleted (most|all) of this document\.$/).waitFor();
        // Whoever did it can bring it back, and not wipe the trace away.
        expect(await mal.page.getByRole("button", { name: "Dismiss" }).count()).toBe(0);
        await alert.getByRole("button", { name: "Restore" }).click();
        await untilText(ada.page, (now) => now.split("all afternoon").length === 4 && now.includes(LAUGH));
        await untilText(mal.page, (now) => now.split("all afternoon").length === 4);
        await ada.page.getByRole("alert").getByText("The text is back").waitFor();
        await alert.waitFor({ state: "detached" });
        await mal.page.getByText(/^You deleted/).waitFor({ state: "detached" });
        expect([...ada.complaints, ...mal.complaints]).toEqual([]);
      });
    }

    it("an alert can be dismissed, also by somebody who comes later; then it is gone for all", async () => {
      await vandalised("Rich text");
      const zoe = await person(browser, server.url, "Zoe");
      await zoe.page.goto(ada.page.url());
      const alert = zoe.page.getByRole("alert").filter({ hasText: "Mal deleted" });
      await alert.getByRole("button", { name: "Dismiss" }).click();
      await alert.waitFor({ state: "detached" });
      await ada.page.getByText(/^Mal deleted/).waitFor({ state: "detached" });
      await untilText(zoe.page, (now) => now === LAUGH);
      expect([...ada.complaints, ...mal.complaints, ...zoe.complaints]).toEqual([]);
    });

    it("what the content check flags is shown to those who may edit, with its reason, and is held back from nobody", async () => {
      await ada.page.goto(server.url);
      await createDocument(ada.page, "Spam", "Plain text");
      await mal.page.goto(ada.page.url());
      await text(mal.page).click();
      await mal.page.keyboard.insertText("https://pills.example/1 ".repeat(5));
      await untilText(ada.page, (now) => now.includes("pills.example"));
      const alert = ada.page.getByRole("alert").filter({ hasText: "flagged" });
      await alert.getByText("The content check flagged what Mal wrote: 5 links to pills.example.").waitFor();
      expect(await mal.page.getByText(/flagged what you wrote/).count()).toBe(0);
      await alert.getByRole("button", { name: "Dismiss" }).click();
      await alert.waitFor({ state: "detached" });
      expect([...ada.complaints, ...mal.complaints]).toEqual([]);
    });

    it("a restore that can't reach the server says so, and can be tried again", async () => {
      await vandalised("Rich text");
      const alert = ada.page.getByRole("alert").filter({ hasText: "Mal deleted" });
      await ada.page.route("**/restore", (route) => route.abort());
      await alert.getByRole("button", { name: "Restore" }).click();
      await ada.page.getByRole("alert").getByText("The text was not brought back").waitFor();
      await ada.page.unroute("**/restore");
      await alert.getByRole("button", { name: "Restore" }).click();
      await untilText(ada.page, (now) => now.split("all afternoon").length === 4);
      const others = ada.complaints.filter((line) => !line.includes("net::ERR_FAILED"));
      expect(others).toEqual([]);
    });
  },
);
