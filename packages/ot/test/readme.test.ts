import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as ot from "../src/index.js";
import { admit, receive, type SyncState } from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** As a person writes it: text alone bare, keys without quotes. */
const show = (value: unknown): string => (typeof value === "string" ? value : literal(value));

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${key}: ${literal(entry)}`)
    .join(", ")} }`;
}

describe("README", () => {
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source]) => source ?? "");

  it("has examples", () => expect(examples).toHaveLength(3));

  for (const [index, source] of examples.entries()) {
    it(`example ${index + 1} runs and prints what its comments say`, () => {
      const printed: string[] = [];
      const body = source.replace(/^import .*$/m, "").replaceAll("console.log(", "print(");
      const run = new Function(...Object.keys(ot), "print", body);
      run(...Object.values(ot), (...values: readonly unknown[]) => printed.push(values.map(show).join(" ")));
      const comments = [...source.matchAll(/(?:console\.log\(|^watched).*?\/\/ +(.*)$/gm)].map(
        ([, comment]) => comment,
      );
      expect(printed).toEqual(comments);
    });
  }

  const section = (title: string): string => readme.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  /** What stands between backticks in the first column of the tables of a section. */
  const named = (title: string): readonly string[] =>
    [...section(title).matchAll(/^\| ([^|]*)/gm)].flatMap(([, cell]) =>
      [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""),
    );

  it("names every file, and no other", () => {
    const files = readdirSync(new URL("../src", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));
    expect([...named("Files").filter((name) => name !== "src"), "index"].sort()).toEqual(files.sort());
  });

  it("gives the cost of functions that there are", () => {
    // `Document.slice`, `lineAt`: a method goes with the class that was named before it.
    const classes = { AnchorSet: ot.AnchorSet, Document: ot.Document, Spans: ot.Spans };
    const has = (object: object | undefined, name: string): boolean => object !== undefined && name in object;
    let owner: { readonly prototype: object } | undefined;
    const missing = named("Cost").filter((entry) => {
      const [first = "", method] = entry.replace(/\(.*/, "").split(".");
      if (method !== undefined) owner = classes[first as keyof typeof classes];
      return (
        !(method === undefined && has(ot, first)) && ![owner, owner?.prototype].some((at) => has(at, method ?? first))
      );
    });
    expect(missing).toEqual([]);
    expect(named("Cost").length).toBeGreaterThan(40);
  });

  it("tells the truth about distribution, and about words with one first letter", () => {
    // "a" is deleted, then X typed in its place; I typed Y behind "a". Composed, X and Y never meet at one place.
    const history = [[{ delete: 1 }], [{ insert: "X" }]] as const;
    const mine = [{ retain: 1 }, { insert: "Y", continues: true as const }];
    expect(admit(mine, history)).toEqual([{ insert: "Y", continues: true }]);
    expect(admit(mine, [ot.compose(...history)])).toEqual([{ retain: 1 }, { insert: "Y", continues: true }]);

    const bob: SyncState = { kind: "in_flight", version: 0, inFlight: [{ insert: "H" }] };
    expect(receive(bob, [{ insert: "H" }])).toEqual({ state: { ...bob, version: 1, inFlight: [] }, apply: [] });
  });
});
