import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PAGES = readdirSync(at("docs/reference"));

describe("docs/reference", () => {
  it("says what the docstrings say (npm run docs:reference writes it anew)", () => {
    const { status, stderr } = spawnSync(process.execPath, [at("scripts/reference/main.mjs"), "--check"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("has a page for every package that a program imports, and no link that leads nowhere", () => {
    expect(PAGES).toContain("client.md");
    for (const page of PAGES) {
      const links = [...readFileSync(at(`docs/reference/${page}`), "utf8").matchAll(/\]\(([^)#]*)(?:#([\w-]+))?\)/g)];
      expect(links.length).toBeGreaterThan(0);
      for (const [, file = "", anchor] of links) {
        const target = at(`docs/reference/${file === "" ? page : file}`);
        expect(existsSync(target), `${page}: ${file}`).toBe(true);
        const headings = readFileSync(target, "utf8").toLowerCase();
        if (anchor !== undefined) expect(headings.includes(`\n### \`${anchor}\`\n`), `${page}: #${anchor}`).toBe(true);
      }
    }
  });
});
