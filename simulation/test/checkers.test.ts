import { createServer } from "@tutti/server";
import { describe, expect, it } from "vitest";
import { type Plan, type ServerFactory, simulate } from "../src/index.js";
import {
  acknowledgesTooEarly,
  forgetsToTell,
  forgetsWhoWrote,
  ignoresOperations,
  neverTransforms,
} from "./broken-servers.js";

/** The promises that some seed of the first `limit` finds broken. */
async function found(factory: () => ServerFactory, limit = 40, plan: Partial<Plan> = {}): Promise<ReadonlySet<string>> {
  const promises = new Set<string>();
  for (let seed = 0; seed < limit; seed += 1) {
    const { violations } = await simulate({ seed, factory: factory(), plan });
    for (const { promise } of violations) promises.add(promise);
  }
  return promises;
}

describe("the checkers find a server that", { timeout: 60_000 }, () => {
  it("acknowledges before it is durable", async () => {
    const promises = await found(() => acknowledgesTooEarly);
    expect(promises).toContain("durability");
    expect(promises).toContain("edits");
  });

  it("has a disk that says it has synced before it has", async () => {
    const promises = await found(() => createServer, 40, { lyingDisk: true });
    expect(promises).toContain("durability");
    expect(promises).toContain("edits");
  });

  it("ignores an operation now and then", async () => {
    expect(await found(ignoresOperations)).toContain("no error");
  });

  it("does not transform", async () => {
    expect(await found(() => neverTransforms)).toContain("no error");
  });

  it("forgets to tell somebody", async () => {
    expect(await found(forgetsToTell)).toContain("convergence");
  });

  it("forgets who wrote what", async () => {
    expect((await found(() => forgetsWhoWrote)).size).toBeGreaterThan(0);
  });
});

describe("a seed", () => {
  it("does the same every time", async () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(await simulate({ seed })).toEqual(await simulate({ seed }));
  });
});
