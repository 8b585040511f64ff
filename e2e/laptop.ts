import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { CHROMIUM, FLAGS, signIn, watch } from "./chromium.js";

/** A browser with a profile of its own on disk, as a person has it: closed, crashed and started again, it goes on. */
export class Laptop {
  readonly #folder = mkdtempSync(join(tmpdir(), "tutti-laptop-"));
  /** Errors and warnings of all pages and their consoles. */
  readonly complaints: string[] = [];
  #process: ChildProcess | undefined;
  #browser: Browser | undefined;

  get #context(): BrowserContext {
    const context = this.#browser?.contexts()[0];
    if (context === undefined) throw new Error("the laptop is off");
    return context;
  }

  /** Starts the browser. */
  async start(): Promise<void> {
    const flags = [...FLAGS, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${this.#folder}`];
    // A group of its own, so that a crash takes all of its processes.
    const child = spawn(CHROMIUM ?? "chromium", [...flags, "about:blank"], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    const address = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the browser ended with ${code}`)));
      createInterface({ input: child.stderr }).on("line", (line) => {
        const found = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    this.#browser = await chromium.connectOverCDP(address);
  }

  /** Another tab, at an address. */
  async tab(url: string): Promise<Page> {
    const page = await this.#context.newPage();
    watch(page, this.complaints);
    await page.addInitScript(noteWhenOpened);
    await page.goto(url);
    return page;
  }

  /** Milliseconds from the start of a page until its editor had text in it; the page was opened at a document. */
  openedAfter(page: Page): Promise<number> {
    return page.evaluate(() => (globalThis as { openedAfter?: number }).openedAfter ?? Number.NaN);
  }

  /** The same, for somebody who signs in first. */
  async signIn(url: string, name: string): Promise<Page> {
    const page = await this.tab(url);
    await signIn(page, name);
    return page;
  }

  /** What the browser itself knows of the network; its sockets don't notice. */
  setOffline(offline: boolean): Promise<void> {
    return this.#context.setOffline(offline);
  }

  /** The person closes the browser. */
  async close(): Promise<void> {
    const session = await this.#browser?.newBrowserCDPSession();
    const gone = this.#gone();
    await session?.send("Browser.close").catch(() => undefined);
    await gone;
  }

  /** SIGKILL to all of its processes. */
  async crash(): Promise<void> {
    const gone = this.#gone();
    if (this.#process?.pid !== undefined && this.#process.exitCode === null)
      process.kill(-this.#process.pid, "SIGKILL");
    await gone;
  }

  async dispose(): Promise<void> {
    await this.crash().catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #gone(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => child.once("exit", () => resolve()));
  }
}

/** Runs in the page: looks at every frame whether the text is there. */
function noteWhenOpened(): void {
  const look = (): void => {
    const editor = document.querySelector('[role="textbox"][aria-label="Document text"]');
    if (editor === null || (editor.textContent ?? "").trim() === "") requestAnimationFrame(look);
    else (globalThis as { openedAfter?: number }).openedAfter ??= Math.round(performance.now());
  };
  look();
}
