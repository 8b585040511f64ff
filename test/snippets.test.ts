import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = [
  "docs/quick-start.md",
  ...readdirSync(join(ROOT, "docs/guides")).map((name) => `docs/guides/${name}`),
  "packages/client/README.md",
  "packages/react/README.md",
];
/** A code block of TypeScript, and what stands before it: `<!-- examples/undo/main.ts#steps -->`. */
const BLOCK = /(?:<!-- (\S+)#(\S+) -->\n)?```tsx?\n([\s\S]*?)```/g;

/** What stands between `// #region name` and `// #endregion`, as far to the left as it goes. */
function region(file: string, name: string): string | undefined {
  const text = readFileSync(join(ROOT, file), "utf8");
  const [, indent = "", code] =
    new RegExp(`^( *)// #region ${name}\\n([\\s\\S]*?) *// #endregion`, "m").exec(text) ?? [];
  return code?.replace(new RegExp(`^${indent}`, "gm"), "");
}

describe("code in the quick start and the guides", () => {
  for (const page of PAGES) {
    const text = readFileSync(join(ROOT, page), "utf8");

    it(`${page}: every block is taken from a program that runs`, () => {
      for (const [, file, name, code] of text.matchAll(BLOCK)) {
        expect(file, `says where it comes from: ${code}`).toBeDefined();
        expect(code, `${file}#${name}`).toBe(region(file ?? "", name ?? ""));
      }
    });

    it(`${page}: no link leads nowhere`, () => {
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "");
      expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
    });
  }
});
