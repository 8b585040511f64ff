import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, type Person, person } from "./chromium.js";
import { createDocument, documentOn, status, text, untilText } from "./editor-page.js";
import { OtherPerson } from "./other-person.js";
import { closePeople, everybody, group, openPeople, place } from "./people-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `S11: a document that many people come to${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess({
      TUTTI_CROWD_CONNECTIONS: "3",
      TUTTI_CROWD_CALM_CONNECTIONS: "3",
      TUTTI_CROWD_CALM: "200 ms",
      TUTTI_PRESENCE_SAMPLE: "1",
    });
    let browser: Browser;
    let ada: Person;
    let ben: Person;
    const crowd: OtherPerson[] = [];

    beforeAll(async () => {
      await server.start();
      browser = await launch();
      ada = await person(browser, server.url, "Ada");
      ben = await person(browser, server.url, "Ben");
    });
    afterAll(async () => {
      for (const other of crowd) other.leave();
      await browser?.close();
      await server.dispose();
    });

    it("newcomers view, get updates in rounds, and are counted where there is no room for their names", async () => {
      await createDocument(ada.page, "Suddenly famous", "Rich text");
      const id = documentOn(ada.page);
      for (const name of ["Cleo", "Dora", "Eva"]) crowd.push(await OtherPerson.join(server, name, id));
      await ada.page.getByRole("alert").getByText("Many people are here now").waitFor();
      await ben.page.goto(ada.page.url());
      await place(ben.page).getByText("Many people are here, so you are viewing.").waitFor();
      await place(ben.page)
        .getByText(/^Updates arrive every/)
        .waitFor();
      await text(ada.page).click();
      await ada.page.keyboard.type("Ada goes on.");
      await untilText(ben.page, (now) => now === "Ada goes on.");
      await everybody(ada.page)
        .and(ada.page.getByRole("button", { name: /: 5\. Crowded/ }))
        .waitFor();
      const list = await openPeople(ada.page);
      await list.getByText(/^Crowded: newcomers view/).waitFor();
      await expect.poll(() => group(list, "Viewing").count()).toBe(1);
      await list.getByText(/^and \d more (is|are) viewing$/).waitFor();
      await closePeople(ada.page);
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });

    it("who asks gets a free place at once, and can make room again", async () => {
      await place(ben.page).getByRole("button", { name: "Ask to edit" }).click();
      await ben.page.getByRole("alert").getByText("You can edit now").waitFor();
      await ben.page.keyboard.press("Control+End");
      await ben.page.keyboard.type(" Ben joins in.");
      await untilText(ada.page, (now) => now.includes("Ben joins in."));
      await status(ben.page, "Saved");
      const list = await openPeople(ben.page);
      await list.getByRole("button", { name: "Stop editing" }).click();
      await closePeople(ben.page);
      await place(ben.page).getByRole("button", { name: "Ask to edit" }).waitFor();
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });

    it("when the crowd has gone, everybody may edit again by themselves", async () => {
      for (const other of crowd) other.leave();
      await everybody(ada.page)
        .and(ada.page.getByRole("button", { name: "Everybody here: 2", exact: true }))
        .waitFor();
      await ada.page.getByRole("alert").getByText("Everybody may edit again").waitFor();
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });
  },
);
