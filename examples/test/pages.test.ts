import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build, defaultClientConditions, type InlineConfig, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launch, NEEDS_CHROMIUM } from "../../e2e/chromium.js";
import { ServerProcess } from "../../e2e/server-process.js";

const PAGES = [
  { name: "codemirror", editor: ".cm-content" },
  { name: "prosemirror", editor: ".ProseMirror" },
  { name: "quill", editor: ".ql-editor" },
  { name: "react-notes", editor: "input", shown: "pre" },
];

describe.skipIf(CHROMIUM === undefined)(`examples that are pages${NEEDS_CHROMIUM}`, { timeout: 60_000 }, () => {
  const server = new ServerProcess();
  const outDir = mkdtempSync(join(tmpdir(), "tutti-examples-"));
  let pages: PreviewServer;
  let browser: Browser;

  beforeAll(async () => {
    await server.start();
    const root = fileURLToPath(new URL("..", import.meta.url));
    const names = [...PAGES.map(({ name }) => name), "offline-page"];
    const config: InlineConfig = {
      root,
      logLevel: "silent",
      resolve: { conditions: ["source", ...defaultClientConditions] },
      build: { outDir, rolldownOptions: { input: names.map((name) => join(root, name, "index.html")) } },
      preview: { port: 0, host: "127.0.0.1", proxy: { "/v1": { target: server.url, ws: true } } },
    };
    await build(config);
    pages = await preview(config);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await server.dispose();
    rmSync(outDir, { recursive: true });
  });

  /** Somebody opens a page and says who they are. @returns what the page complained of, too */
  async function visit(address: string, name: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => void dialog.accept(name));
    await page.goto(address);
    return { page, complaints };
  }

  for (const { name, editor, shown = editor } of PAGES) {
    it(`${name}: two people see each other's text`, async () => {
      const [address] = pages.resolvedUrls?.local ?? [];
      const ada = await visit(`${address}${name}/`, "Ada");
      await ada.page.locator(editor).click();
      await ada.page.keyboard.type("Hello from Ada");
      await ada.page.keyboard.press("Enter");
      const grace = await visit(ada.page.url(), "Grace");
      await grace.page.locator(shown).getByText("Hello from Ada").waitFor();
      await grace.page.locator(editor).click();
      await grace.page.keyboard.type("and Grace");
      await grace.page.keyboard.press("Enter");
      await ada.page.locator(shown).getByText("and Grace").waitFor();
      expect([...ada.complaints, ...grace.complaints]).toEqual([]);
    });
  }

  it("offline-page sends what was typed without network before it was closed", async () => {
    const [address] = pages.resolvedUrls?.local ?? [];
    const ada = await visit(`${address}offline-page/`, "Ada");
    await ada.page.locator(".cm-content").click();
    await ada.page.keyboard.type("at the station");
    await ada.page.context().setOffline(true);
    await ada.page.keyboard.type(", on the train");
    await ada.page.locator(".cm-content").getByText("on the train").waitFor();
    // A tab that is killed before that may lose the last word.
    await ada.page.getByText("Kept on this device").waitFor();
    const url = ada.page.url();
    const context = ada.page.context();
    await ada.page.close();
    await context.setOffline(false);

    const again = await context.newPage();
    await again.goto(url);
    await again.locator(".cm-content").getByText("at the station, on the train").waitFor();
    const grace = await visit(url, "Grace");
    await grace.page.locator(".cm-content").getByText("at the station, on the train").waitFor();
    expect([...ada.complaints, ...grace.complaints]).toEqual([]);
  });
});
