import { readFileSync } from "node:fs";
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
