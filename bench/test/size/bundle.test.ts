import { describe, expect, it } from "vitest";
import { LARGEST_BUNDLE, measureBundle } from "../../src/size/bundle.js";
import { report } from "../../src/size/report.js";

describe("what a browser loads to have the SDK", () => {
  it("is below 30 kB gzipped, and holds nothing but client, protocol and ot", async () => {
    const size = await measureBundle();
    process.stdout.write(`\n${report(size, { modules: false })}\n`);
    expect(size.gzipped).toBeLessThanOrEqual(LARGEST_BUNDLE);
    expect(size.packages.map(({ name }) => name).sort()).toEqual(["client", "ot", "protocol"]);
    // What is for Node alone, and what only people who read the documentation need.
    const names = size.modules.map(({ name }) => name);
    expect(names.filter((name) => /\.node$|^client\/node|\/folder-|meanings$/.test(name))).toEqual([]);
    expect(names).toContain("client/client");
  });

  it("is measured to the byte: the parts add up to the whole", async () => {
    const { minified, packages, modules } = await measureBundle();
    const sum = (parts: typeof modules): number => parts.reduce((total, part) => total + part.minified, 0);
    expect(sum(packages)).toBe(sum(modules));
    // The rest is the last line, which exports.
    expect(minified - sum(packages)).toBeLessThan(100);
  });
});
