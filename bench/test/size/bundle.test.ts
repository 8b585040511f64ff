import { describe, expect, it } from "vitest";
import { LARGEST_START, measureBundle } from "../../src/size/bundle.js";
import { report } from "../../src/size/report.js";

describe("what a browser loads to start the SDK", () => {
  it(`is at most ${LARGEST_START} bytes gzipped, and holds nothing but client, protocol and ot`, async () => {
    const { start, packages, modules, later } = await measureBundle();
    process.stdout.write(`\n${report({ start, packages, modules, later }, { modules: false })}\n`);
    expect(start.gzipped).toBeLessThanOrEqual(LARGEST_START);
    expect(packages.map(({ name }) => name).sort()).toEqual(["client", "ot", "protocol"]);
    // What is for Node alone, and what only people who read the documentation need.
    const names = modules.map(({ name }) => name);
    expect(names).toContain("client/client");
    expect(names.filter((name) => /\.node$|^client\/node|\/folder-|error-kinds$/.test(name))).toEqual([]);
    // What comes where it is needed is none of it.
    expect(later.map(({ name }) => name)).toEqual([
      "@tutti/client/offline",
      "@tutti/client/find",
      "client/afterwards",
      "client/connection/polling/polling",
    ]);
    expect(
      names.filter((name) => /\/outbox$|\/polling\/polling$|\/presence\/presence$|\/(diff|myers)$/.test(name)),
    ).toEqual([]);
  });

  it("is measured to the character: the parts add up to the whole", async () => {
    const { start, packages, modules } = await measureBundle();
    const sum = (parts: typeof modules): number => parts.reduce((total, part) => total + part.minified, 0);
    expect(sum(packages)).toBe(sum(modules));
    // The rest is what imports and exports.
    expect(start.minified - sum(packages)).toBeLessThan(1500);
  });
});
