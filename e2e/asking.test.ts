import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, type Person, person } from "./chromium.js";
import { createDocument, status, text, untilText } from "./editor-page.js";
import { closePeople, everybody, group, openPeople, place } from "./people-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `S11: more people than may edit at once${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess({ TUTTI_CROWD_EDITORS: "1", TUTTI_CROWD_ASK_AGAIN: "1 h" });
    let browser: Browser;
    let ada: Person;
    let ben: Person;
    let cleo: Person;

    beforeAll(async () => {
      await server.start();
      browser = await launch();
      ada = await person(browser, server.url, "Ada");
      ben = await person(browser, server.url, "Ben");
      cleo = await person(browser, server.url, "Cleo");
    });
    afterAll(async () => {
      await browser?.close();
      await server.dispose();
    });

    it("who finds no place views, asks, waits in line, is refused or let in, and writes", async () => {
      await createDocument(ada.page, "One place only", "Rich text");
      await text(ada.page).click();
      await ada.page.keyboard.type("Ada writes. ");
      for (const { page } of [ben, cleo]) {
        await page.goto(ada.page.url());
        await place(page).getByText("All places for editing are taken (1 of 1), so you are viewing.").waitFor();
        await page.getByRole("toolbar").waitFor({ state: "detached" });
      }
      await status(ben.page, "Read-only mode");
      await place(ben.page).getByRole("button", { name: "Ask to edit" }).click();
      await place(ben.page).getByText("You asked to edit: you are next.").waitFor();
      await place(cleo.page).getByRole("button", { name: "Ask to edit" }).press("Enter");
      await place(cleo.page).getByText("You asked to edit: 1 before you.").waitFor();

      await ada.page.getByRole("button", { name: /2 people ask to edit|Ben and Cleo ask to edit/ }).waitFor();
      const list = await openPeople(ada.page);
      await expect.poll(() => group(list, "Asking to edit").count()).toBe(2);
      await list.getByRole("button", { name: "Refuse Cleo" }).press("Enter");
      await place(cleo.page).getByText("Your wish was refused; you can ask again in a minute.").waitFor();
      await place(cleo.page).getByRole("button", { name: "Ask to edit" }).click();
      await cleo.page.getByRole("alert").getByText("You can't ask again yet").waitFor();
      // The keyboard goes on where there is still something to decide.
      await expect
        .poll(() => ada.page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
        .toBe("Let Ben in");
      await ada.page.keyboard.press("Enter");
      await ben.page.getByRole("alert").getByText("You can edit now").waitFor();
      await group(list, "Asking to edit").first().waitFor({ state: "detached" });
      await expect.poll(() => group(list, "Editing").count()).toBe(2);
      await closePeople(ada.page);

      // The focus was on the button that is gone now; it went on to the text.
      await ben.page.keyboard.press("Control+End");
      await ben.page.keyboard.type("Ben writes too.");
      await untilText(ada.page, (now) => now.includes("Ben writes too."));
      await untilText(cleo.page, (now) => now.includes("Ben writes too."));
      await status(ben.page, "Saved");
      expect([...ada.complaints, ...ben.complaints, ...cleo.complaints]).toEqual([]);
    });

    it("who asked can withdraw; when those who edit leave, the next one moves up by themselves", async () => {
      const dora = await person(browser, server.url, "Dora");
      await dora.page.goto(ada.page.url());
      const press = (name: string) => place(dora.page).getByRole("button", { name }).click();
      await press("Ask to edit");
      await place(dora.page).getByText("You asked to edit").waitFor();
      await press("Withdraw");
      await place(dora.page).getByText("so you are viewing").waitFor();
      await expect.poll(() => everybody(ada.page).getAttribute("aria-label")).not.toContain("ask");
      await press("Ask to edit");
      await place(dora.page).getByText("You asked to edit").waitFor();
      for (const { page } of [ada, ben]) await page.getByRole("link", { name: "All documents" }).click();
      await dora.page.getByRole("alert").getByText("You can edit now").waitFor();
      await dora.page.getByRole("toolbar").waitFor();
      await text(dora.page).click();
      await dora.page.keyboard.press("Control+End");
      await dora.page.keyboard.type(" And Dora.");
      await untilText(cleo.page, (now) => now.includes("And Dora."));
      await status(dora.page, "Saved");
      expect([...cleo.complaints, ...dora.complaints]).toEqual([]);
    });
  },
);
