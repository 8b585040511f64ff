import type { Browser, Page } from "playwright-core";
import type { ServerProcess } from "../server-process.js";
import { FUZZ_HTML, fuzzBundle } from "./bundle.js";
import type { EditorKind } from "./editors.js";

export interface Opening {
  readonly browser: Browser;
  readonly server: ServerProcess;
  readonly kind: EditorKind;
  readonly seed: number;
  /** Longest time that a message is on its way, in milliseconds. */
  readonly delay: number;
  /** Gets every error and warning of the page. */
  readonly complaints: string[];
}

/** A page with two editors, of Ada and Ben, on a new document; the Stranger has it open too, without an editor. */
export async function openEditors(opening: Opening): Promise<{ page: Page; token: string; document: string }> {
  const { browser, server, kind, seed, delay, complaints } = opening;
  const page = await emptyPage(browser, server.url, complaints);
  const tokens = await Promise.all(["Ada", "Ben", "Stranger"].map((name) => server.signIn(name)));
  const token = tokens[0] ?? "";
  const document = await server.createDocument(token, kind === "codemirror" ? "plain" : "rich");
  await page.evaluate((settings) => window.fuzz.open(settings), { kind, document, tokens, seed, delay });
  return { page, token, document };
}

async function emptyPage(browser: Browser, url: string, complaints: string[]): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  // A page of the server itself, made over: what is only made up may not connect to this machine.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${url}/healthz`);
  await page.evaluate((html) => {
    document.documentElement.innerHTML = html;
  }, FUZZ_HTML);
  await page.addScriptTag({ content: await fuzzBundle() });
  return page;
}
