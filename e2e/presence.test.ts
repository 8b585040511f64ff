import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM, type Person, person, watch } from "./chromium.js";
import { createDocument, status, text, untilText } from "./editor-page.js";
import { closePeople, everybody, faces, group, openPeople, place } from "./people-page.js";
import { ServerProcess } from "./server-process.js";

describe.skipIf(CHROMIUM === undefined)(`who is here${NEEDS_CHROMIUM}`, { timeout: 120_000 }, () => {
  // One place only: whoever comes second views.
  const server = new ServerProcess({ TUTTI_CROWD_EDITORS: "1" });
  let browser: Browser;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    await server.start();
    browser = await launch();
    ada = await person(browser, server.url, "Ada");
    ben = await person(browser, server.url, "Ben");
  });
  afterAll(async () => {
    await browser?.close();
    await server.dispose();
  });

  async function together(kind: "Rich text" | "Plain text"): Promise<void> {
    await ada.page.goto(server.url);
    await createDocument(ada.page, `${kind} of two`, kind);
    await ben.page.goto(ada.page.url());
    await place(ben.page).waitFor();
  }

  const choose = async (page: Page, visibility: string): Promise<void> => {
    const list = await openPeople(page);
    await list.getByText(visibility, { exact: true }).click();
    await closePeople(page);
  };

  /** Everybody whose face was in the header from now on, however short. */
  async function watchFaces(page: Page): Promise<() => Promise<readonly string[]>> {
    const list = page.getByRole("list", { name: "People here" });
    const seen = await list.evaluateHandle((element) => {
      const names: (string | null)[] = [];
      const note = () => names.push(...[...element.querySelectorAll("button")].map((face) => face.ariaLabel));
      new MutationObserver(note).observe(element, { childList: true, subtree: true });
      return names;
    });
    return async () => (await seen.jsonValue()).filter((name) => name !== null);
  }

  it("P2: two tabs of one person are one face", async () => {
    await together("Rich text");
    await expect.poll(() => faces(ada.page).count()).toBe(2);
    const second = await ben.page.context().newPage();
    watch(second, ben.complaints);
    await second.goto(ada.page.url());
    await text(second).waitFor();
    await everybody(second)
      .and(second.getByRole("button", { name: /: 2/ }))
      .waitFor();
    const list = await openPeople(ada.page);
    expect(await group(list, "Editing").allTextContents()).toEqual([expect.stringContaining("Ada (you)")]);
    expect(await group(list, "Viewing").allTextContents()).toEqual([
      expect.stringMatching(/Ben.*active now.*computer/),
    ]);
    await closePeople(ada.page);
    await expect.poll(() => faces(ada.page).count()).toBe(2);
    await second.close();
    await expect.poll(() => faces(ada.page).count()).toBe(2);
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
  });

  it("P5: a viewer is seen by name, as anonymous, or not at all; the device remembers it", async () => {
    await together("Rich text");
    const seen = async () => {
      const list = await openPeople(ada.page);
      const names = await group(list, "Viewing").allTextContents();
      await closePeople(ada.page);
      return names.join();
    };
    await expect.poll(seen).toContain("Ben");
    await choose(ben.page, "Anonymous");
    await expect.poll(seen).toContain("Anonymous");
    expect(await seen()).not.toContain("Ben");
    await choose(ben.page, "Hidden");
    await expect.poll(seen).toBe("");
    await everybody(ada.page)
      .and(ada.page.getByRole("button", { name: /: 2/ }))
      .waitFor();
    const glimpsed = await watchFaces(ada.page);
    await ben.page.reload();
    await place(ben.page).waitFor();
    await text(ada.page).click();
    await ada.page.keyboard.type("all is told");
    await untilText(ben.page, (now) => now.includes("all is told"));
    expect(await glimpsed()).not.toContain("Ben");
    const list = await openPeople(ben.page);
    expect(await list.getByRole("radio", { name: "Hidden" }).isChecked()).toBe(true);
    await list.getByText("others don't see you", { exact: true }).waitFor();
    await list.getByText("By name", { exact: true }).click();
    await closePeople(ben.page);
    await expect.poll(seen).toContain("Ben");
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
  });

  it("on a phone nothing is cut off, and the list comes up from below", async () => {
    await together("Rich text");
    await text(ada.page).click();
    for (let line = 0; line < 60; line += 1) await ada.page.keyboard.press("Enter");
    await ada.page.keyboard.type("the end");
    const { page } = ben;
    await untilText(page, (now) => now.includes("the end"));
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const list = await openPeople(page);
    const box = async () => {
      const { x, y, width, height } = (await list.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [x, width, Math.round(y + height)];
    };
    await expect.poll(box).toEqual([0, 390, 844]);
    await list.getByRole("button", { name: /^Ada/ }).click();
    await list.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(400);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
  });

  for (const kind of ["Rich text", "Plain text"] as const) {
    it(`${kind}: a click on somebody scrolls to their cursor`, async () => {
      await together(kind);
      await text(ada.page).click();
      for (let line = 0; line < 90; line += 1) await ada.page.keyboard.press("Enter");
      await ada.page.keyboard.type("the end");
      await untilText(ben.page, (now) => now.includes("the end"));
      const top = () => ben.page.evaluate(() => window.scrollY);
      expect(await top()).toBe(0);
      await ben.page.getByRole("list", { name: "People here" }).getByRole("button", { name: "Ada" }).click();
      await expect.poll(top).toBeGreaterThan(400);
      const name = ben.page.locator(".tutti-cursor").first();
      await expect.poll(() => name.isVisible()).toBe(true);
      expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    });
  }
});

describe.skipIf(CHROMIUM === undefined)(`P1: presence switched off${NEEDS_CHROMIUM}`, { timeout: 120_000 }, () => {
  const server = new ServerProcess({ TUTTI_PRESENCE_ENABLED: "off" });
  let browser: Browser;

  beforeAll(async () => {
    await server.start();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server.dispose();
  });

  it("both write as always; the page says that the others can't be shown, and still how many there are", async () => {
    const ada = await person(browser, server.url, "Ada");
    const ben = await person(browser, server.url, "Ben");
    await createDocument(ada.page, "Unseen", "Rich text");
    await ben.page.goto(ada.page.url());
    await text(ben.page).click();
    await ben.page.keyboard.type("Ben is here. ");
    await untilText(ada.page, (now) => now.includes("Ben is here."));
    await status(ada.page, "Presence unavailable");
    await status(ben.page, "Presence unavailable");
    await expect.poll(() => faces(ada.page).count()).toBe(1);
    await everybody(ada.page)
      .and(ada.page.getByRole("button", { name: /: 2/ }))
      .waitFor();
    const list = await openPeople(ada.page);
    await list.getByText(/Presence unavailable/).waitFor();
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
  });
});
