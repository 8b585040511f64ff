import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, OF_THE_NETWORK, type Person, person } from "./chromium.js";
import { createDocument, documentOn, status, text, untilText } from "./editor-page.js";
import { everybody, group, openPeople, place } from "./people-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `S11: the owner says who may edit${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess();
    let browser: Browser;
    let ada: Person;
    let ben: Person;

    beforeAll(async () => {
      await server.start();
      browser = await launch();
      ada = await person(browser, server.url, "Ada");
      ben = await person(browser, server.url, "Ben");
      await createDocument(ada.page, "Only by name", "Plain text");
      await text(ada.page).click();
      await ada.page.keyboard.type("first ");
      await ben.page.goto(ada.page.url());
      await text(ben.page).click();
    });
    afterAll(async () => {
      await browser?.close();
      await server.dispose();
    });

    const dialog = () => ada.page.getByRole("dialog", { name: "Who may edit" });

    it("who is not named views at once, is added by the owner, writes, and is removed again", async () => {
      await (await openPeople(ada.page)).getByRole("button", { name: "Who may edit" }).click();
      await dialog().getByRole("switch", { name: "Only people I name may edit" }).click();
      await place(ben.page).getByText("The owner says who edits here, so you are viewing.").waitFor();
      await dialog().getByRole("button", { name: "Add Ben" }).click();
      await ben.page.getByRole("alert").getByText("You can edit now").waitFor();
      await text(ben.page).click();
      await ben.page.keyboard.press("Control+End");
      await ben.page.keyboard.type("by Ben ");
      await status(ben.page, "Saved");
      await dialog().getByRole("button", { name: "Remove Ben" }).click();
      await place(ben.page).getByRole("button", { name: "Ask to edit" }).waitFor();
      await ada.page.keyboard.press("Escape");
      await expect.poll(() => everybody(ada.page).getAttribute("aria-label")).toContain("Moderated");
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });

    it("text written while the place was taken away is kept, and goes when there is one again", async () => {
      await (await openPeople(ada.page)).getByRole("button", { name: "Who may edit" }).click();
      await dialog().getByRole("button", { name: "Add Ben" }).click();
      await ben.page.getByRole("toolbar", { name: "Editing" }).waitFor();
      await ben.page.context().setOffline(true);
      await status(ben.page, "Working offline");
      await text(ben.page).click();
      await ben.page.keyboard.press("Control+End");
      await ben.page.keyboard.type("written without a network ");
      await dialog().getByRole("button", { name: "Remove Ben" }).click();
      await dialog().getByRole("button", { name: "Remove Ben" }).waitFor({ state: "detached" });
      await ada.page.keyboard.press("Escape");
      await ben.page.context().setOffline(false);
      await place(ben.page).getByText("What you wrote is kept, and sent when you can edit.").waitFor();
      await untilText(ben.page, (now) => now.includes("written without a network"));
      await place(ben.page).getByRole("button", { name: "Ask to edit" }).click();
      await place(ben.page).getByText("You asked to edit: the owner decides.").waitFor();

      await everybody(ada.page)
        .and(ada.page.getByRole("button", { name: /Ben asks to edit/ }))
        .waitFor();
      const list = await openPeople(ada.page);
      await expect.poll(() => group(list, "Asking to edit").count()).toBe(1);
      await list.getByRole("button", { name: "Let Ben in" }).click();
      await status(ben.page, "Saved");
      await untilText(ada.page, (now) => now.includes("written without a network"));
      const stored = await server.text(await server.signIn("Auditor"), documentOn(ada.page));
      expect(stored).toBe("first by Ben written without a network ");
      const others = [...ada.complaints, ...ben.complaints].filter((line) => !OF_THE_NETWORK.test(line));
      expect(others).toEqual([]);
    });
  },
);
