import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { Latencies } from "../replay/figures.js";
import type { Stage } from "./stage.js";

/** What somebody feels who types, in milliseconds. */
export interface BrowserFigures {
  /** From the key to the letter in the page. */
  readonly shown: Latencies;
  /** From the key until the page has done all that it does about it, and takes the next one. */
  readonly done: Latencies;
  /** Tasks of 50 ms and more while somebody typed, whatever they were about. */
  readonly longTasks: Latencies;
}

const PLACES = [process.env["TUTTI_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
/** Between two keystrokes, in milliseconds. */
const PAUSE = 40;
const WARM_UP = 30;
/** For a document of 10 MB to open, in milliseconds. */
const PATIENCE = 120_000;

/** @throws Error where there is no Chromium; TUTTI_CHROMIUM says where one is */
export function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) throw new Error("no Chromium here; set TUTTI_CHROMIUM");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Types into the document in the web app, with the editor that its kind has there. */
export async function typeInBrowser(browser: Browser, stage: Stage, keystrokes: number): Promise<BrowserFigures> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await open(page, stage);
    await press(page, WARM_UP);
    await page.evaluate(startMeasuring);
    await press(page, keystrokes);
    return collected(await page.evaluate(measured));
  } finally {
    await context.close();
  }
}

async function open(page: Page, { url, document }: Stage): Promise<void> {
  await page.goto(url);
  await page.getByRole("textbox", { name: "Your name" }).fill("Typist");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "New document" }).first().waitFor();
  await page.goto(`${url}/d/${document}`);
  const text = page.getByRole("textbox", { name: "Document text" });
  await text.waitFor();
  await text.click();
}

async function press(page: Page, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    await page.keyboard.press("k");
    await page.waitForTimeout(PAUSE);
  }
}

/** What the page gathers for us. */
interface Gathered {
  readonly shown: number[];
  readonly done: number[];
  readonly longTasks: number[];
}
declare global {
  var tuttiGathered: Gathered | undefined;
}

/** Runs in the page. */
function startMeasuring(): void {
  const gathered: Gathered = { shown: [], done: [], longTasks: [] };
  globalThis.tuttiGathered = gathered;
  let pressed: number | undefined;
  const later = new MessageChannel();
  later.port1.onmessage = ({ data }) => gathered.done.push(performance.now() - data);
  const key = (event: { readonly timeStamp: number }): void => {
    pressed = event.timeStamp;
    later.port2.postMessage(pressed);
  };
  document.addEventListener("keydown", key, { capture: true });
  const changed = (): void => {
    if (pressed !== undefined) gathered.shown.push(performance.now() - pressed);
    pressed = undefined;
  };
  const editor = document.querySelector('[role="textbox"][aria-label="Document text"]');
  if (editor === null) throw new Error("there is no editor");
  new MutationObserver(changed).observe(editor, { childList: true, characterData: true, subtree: true });
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gathered.longTasks.push(duration);
  });
  observer.observe({ entryTypes: ["longtask"] });
}

/** Runs in the page. */
const measured = (): Gathered | undefined => globalThis.tuttiGathered;

function collected(gathered: Gathered | undefined): BrowserFigures {
  if (gathered === undefined || gathered.shown.length === 0) throw new Error("nothing that was typed was shown");
  return {
    shown: latenciesOf(gathered.shown),
    done: latenciesOf(gathered.done),
    longTasks: latenciesOf(gathered.longTasks),
  };
}

function latenciesOf(samples: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const sample of samples) latencies.add(sample);
  return latencies;
}
