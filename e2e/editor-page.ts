import type { Status } from "@tutti/client";
import type { Locator, Page } from "playwright-core";

/** What a person sees and does on the page of a document. */

export const text = (page: Page): Locator => page.getByRole("textbox", { name: "Document text" });

/** All of the text, also what the editor does not draw because nobody can see it. Trimmed: editors end with an empty line. */
async function textOf(page: Page): Promise<string> {
  const now = await text(page).evaluate((element: HTMLElement) => {
    // How CodeMirror finds the view of an element.
    const { cmTile } = element as { cmTile?: { root?: { view?: { state: { doc: object } } } } };
    return cmTile?.root?.view?.state.doc.toString() ?? element.innerText;
  });
  return now.trim();
}

/** Waits until the text of the editor fulfils the condition. @returns the text then */
export async function untilText(page: Page, condition: (text: string) => boolean): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const now = await textOf(page);
    if (condition(now)) return now;
    if (Date.now() > deadline) throw new Error(`the text stayed ${JSON.stringify(now.slice(0, 2000))}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Waits until the status line says exactly so. */
export const status = async (page: Page, words: Status): Promise<void> =>
  page.getByRole("status").getByText(words, { exact: true }).first().waitFor();

/** Waits until the page would let somebody go without a question: the device has written down what they typed. */
export const mayLeave = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
};

/** "ada0.", "ada1." …: words that can be told apart, also from one of them that was cut short. */
export const words = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_value, index) => `${prefix}${index}.`);

/** How often a word stands in a text. */
export const countOf = (now: string, word: string): number => now.split(/\s+/).filter((found) => found === word).length;

/** Those that are not there exactly once. */
export function notOnce(now: string, expected: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const found of now.split(/\s+/)) counts.set(found, (counts.get(found) ?? 0) + 1);
  return expected.filter((word) => counts.get(word) !== 1);
}

export type Kind = "Rich text" | "Plain text";

/** Makes a document on the page of the list; it opens. */
export async function createDocument(page: Page, title: string, kind: Kind): Promise<void> {
  await page.getByRole("button", { name: "New document" }).first().click();
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByText(kind, { exact: true }).click();
  await page.getByRole("button", { name: "Create" }).click();
  await text(page).waitFor();
}

/** The id of the document on the page. */
export const documentOn = (page: Page): string => new URL(page.url()).pathname.split("/").at(-1) ?? "";

/** Pastes as the clipboard does. */
export async function paste(page: Page, pasted: string): Promise<void> {
  await text(page).evaluate((element, content) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", content);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, pasted);
}
