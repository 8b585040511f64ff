import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = [
  process.env["TUTTI_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
export const FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser of this machine; undefined where there is none. */
export const CHROMIUM = PLACES.find((place) => place !== undefined && existsSync(place));
/** For titles of tests: says why they are skipped where they are. */
export const NEEDS_CHROMIUM = CHROMIUM === undefined ? " (skipped: no Chromium here; set TUTTI_CHROMIUM)" : "";

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: [...FLAGS] });
}

/** A person with a browser window of their own, signed in through the page; collects what the console complains of. */
export async function person(browser: Browser, url: string, name: string): Promise<Person> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  watch(page, complaints);
  await page.goto(url);
  await signIn(page, name);
  return { page, complaints };
}

export interface Person {
  readonly page: Page;
  /** Errors and warnings of the page and its console. */
  readonly complaints: string[];
}

/**
 * What a browser itself notes of a network or server that is gone, and of a polling session that a new server process
 * does not know; any other complaint is a fault of the page.
 */
export const OF_THE_NETWORK = /^WebSocket connection|net::ERR_|\/v1\/poll\b/;

/** Collects errors and warnings of a page and its console, each with the address that it is about. */
export function watch(page: Page, complaints: string[]): void {
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.text()} (${message.location().url})`);
  });
}

/** Signs in as a guest, on the page that asks for it. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "New document" }).first().waitFor();
}
