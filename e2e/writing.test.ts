import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, OF_THE_NETWORK, type Person, person } from "./chromium.js";
import { createDocument, documentOn, type Kind, paste, status, text, untilText } from "./editor-page.js";
import { OtherPerson } from "./other-person.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(
  `what one person does with a document${NEEDS_CHROMIUM}`,
  { timeout: 120_000 },
  () => {
    const server = new ServerProcess();
    let browser: Browser;
    let ada: Person;
    let page: Page;

    beforeAll(async () => {
      await server.start();
      browser = await launch();
      ada = await person(browser, server.url, "Ada");
      page = ada.page;
    });
    afterAll(async () => {
      await browser?.close();
      await server.dispose();
    });

    async function written(title: string, kind: Kind, content: string): Promise<void> {
      await page.goto(server.url);
      await createDocument(page, title, kind);
      await page.keyboard.type(content);
      await status(page, "Saved");
    }

    const field = (name: string) => page.getByRole("textbox", { name, exact: true });
    const bar = () => page.getByRole("search", { name: "Find and replace" });
    const count = (words: string) => bar().getByRole("status").filter({ hasText: words }).first().waitFor();

    for (const kind of ["Rich text", "Plain text"] as const satisfies readonly Kind[]) {
      it(`C15: ${kind}: finds, counts, marks, replaces one and all; all is one undo step`, async () => {
        const content = "The garden and the Garden.\nA gardener in the garden.";
        await written(`Finding in ${kind}`, kind, content);
        await page.keyboard.press("Control+Home");
        await page.keyboard.press("Control+f");
        await field("Find").fill("garden");
        await count("1 of 4");
        expect(await page.locator(".tutti-found").count()).toBe(4);
        await page.keyboard.press("Enter");
        await count("2 of 4");
        await page.keyboard.press("Shift+Enter");
        await page.keyboard.press("Shift+Enter");
        await count("4 of 4");
        await page.getByRole("button", { name: "Match case" }).click();
        await count("of 3");
        await page.getByRole("button", { name: "Whole words" }).click();
        await count("of 2");
        await page.getByRole("button", { name: "Match case" }).click();
        await page.getByRole("button", { name: "Whole words" }).click();
        await page.getByRole("button", { name: "Regular expression" }).click();
        await field("Find").fill("(");
        await count("Can't be searched for");
        await field("Find").fill("(g)arden");
        await count("of 4");
        await bar().getByRole("button", { name: "Replace", exact: true }).click();
        await field("Replace with").fill("$1ate");
        await bar().getByText("Replace", { exact: true }).click();
        await count("of 3");
        await bar().getByText("Replace all", { exact: true }).click();
        await count("3 replaced");
        await untilText(page, (now) => !/garden/i.test(now) && (now.match(/gate/gi) ?? []).length === 4);
        await page.keyboard.press("Escape");
        await text(page).press("Control+z");
        await untilText(page, (now) => (now.match(/garden/gi) ?? []).length === 3);
        expect(await page.locator(".tutti-found").count()).toBe(0);
        expect(ada.complaints).toEqual([]);
      });
    }

    it("C9: a large paste shows at once, tells how far it is, and can be taken back", async () => {
      await written("A large paste", "Plain text", "before ");
      const large = "0123456789abcdef ".repeat(120_000);
      await paste(page, large);
      await page.getByText(/Sending what you pasted/).waitFor();
      await page.getByRole("button", { name: "Take it back" }).click();
      await page.getByText(/Sending what you pasted/).waitFor({ state: "hidden" });
      await status(page, "Saved");
      const token = await server.signIn("Auditor");
      await expect.poll(() => server.text(token, documentOn(page)), { timeout: 20_000 }).toBe("before ");
      expect(ada.complaints).toEqual([]);
    });

    it("H4: to the trash, back by the notice, to the trash again, back from the trash", async () => {
      await written("Throw me away", "Rich text", "text");
      await page.getByRole("link", { name: "All documents" }).click();
      const row = page.getByRole("listitem").filter({ hasText: "Throw me away" });
      const throwAway = async () => {
        await page.getByRole("button", { name: "More about Throw me away" }).click();
        await page.getByRole("menuitem", { name: "Move to the trash" }).click();
        await row.waitFor({ state: "detached" });
      };
      await throwAway();
      await page.getByRole("button", { name: "Undo" }).click();
      await row.waitFor();
      await throwAway();
      await page.getByRole("link", { name: "Trash" }).click();
      await row.getByRole("button", { name: "Restore" }).click();
      await row.waitFor({ state: "detached" });
      await page.getByRole("link", { name: "All documents" }).click();
      await row.waitFor();
      expect(ada.complaints).toEqual([]);
    });

    it("C12: a document that was deleted while text was on its way: the text becomes a copy", async () => {
      const token = await server.signIn("Ben");
      const id = await server.createDocument(token, "rich");
      await page.goto(`${server.url}/d/${id}`);
      await text(page).click();
      await page.keyboard.type("first ");
      await status(page, "Saved");
      await page.context().setOffline(true);
      await server.kill();
      await status(page, "Working offline");
      await page.keyboard.type("written while it was deleted ");
      await server.start();
      const response = await fetch(`${server.url}/v1/documents/${id}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(204);
      await page.context().setOffline(false);
      const dialog = page.getByRole("dialog", { name: "This document was deleted" });
      await dialog.waitFor();
      await status(page, "Conflict");
      await dialog.getByRole("button", { name: "Discard mine" }).click();
      await dialog.getByText("can't be brought back").waitFor();
      await dialog.getByRole("button", { name: "No, keep it" }).click();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Decide now" }).click();
      await dialog.getByRole("button", { name: "Keep mine as a copy" }).click();
      await page.waitForURL((url) => url.pathname !== `/d/${id}` && url.pathname.startsWith("/d/"));
      await untilText(page, (now) => now.includes("first written while it was deleted"));
      await status(page, "Saved");
      expect(await server.text(token, documentOn(page))).toContain("first written while it was deleted");
      const others = ada.complaints.filter((line) => !OF_THE_NETWORK.test(line));
      expect(others).toEqual([]);
      ada.complaints.length = 0;
    });

    it("people see each other's replacements as one edit", async () => {
      await written("Replacing together", "Rich text", "red red red");
      const ben = await OtherPerson.join(server, "Ben", documentOn(page));
      const changes: string[] = [];
      ben.document.on("change", ({ origin }) => changes.push(origin));
      await page.keyboard.press("Control+h");
      await field("Find").fill("red");
      await field("Replace with").fill("blue");
      await bar().getByText("Replace all", { exact: true }).click();
      await expect.poll(() => ben.document.text()).toContain("blue blue blue");
      expect(changes).toEqual(["remote"]);
      ben.leave();
    });
  },
);
