import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as ot from "../src/index.js";
import { admit, receive, type SyncState } from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("README", () => {
  it("has an example that runs and prints what its comments say", () => {
    const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const printed: unknown[] = [];
    const body = source.replace(/^import .*$/m, "").replaceAll("console.log(", "print(");
    const run = new Function("compose", "Document", "invert", "transform", "print", body);
    run(ot.compose, ot.Document, ot.invert, ot.transform, (...values: readonly unknown[]) => printed.push(values));
    expect(printed).toEqual([["HelloXY", "HelloXY"], [true], [[{ retain: 5 }, { insert: "XY" }]], ["HelloX"]]);
    const comments = [...source.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, comment]) => comment);
    expect(comments).toEqual(["HelloXY HelloXY", "true", '[{ retain: 5 }, { insert: "XY" }]', "HelloX"]);
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
