import type { Locator, Page } from "playwright-core";

/** What a person sees and does about the other people of a document. */

/** The button that says how many are here. */
export const everybody = (page: Page): Locator => page.getByRole("button", { name: /^Everybody here/ });

/** The faces in the header. */
export const faces = (page: Page): Locator => page.getByRole("list", { name: "People here" }).getByRole("listitem");

/** Opens the list of everybody here. */
export async function openPeople(page: Page): Promise<Locator> {
  await everybody(page).click();
  const list = page.getByRole("dialog", { name: "Who is here" });
  await list.waitFor();
  return list;
}

/** Closes it, as the keyboard does. */
export async function closePeople(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Who is here" }).waitFor({ state: "detached" });
}

/** What stands in the place of the toolbar while somebody views. */
export const place = (page: Page): Locator => page.getByRole("region", { name: "Your place" });

/** A group of the list: everybody in it. */
export const group = (list: Locator, title: string): Locator =>
  list.getByRole("list", { name: new RegExp(`^${title} ·`) }).getByRole("listitem");
