import { describe, expect, it } from "vitest";
import { later } from "../src/later.js";

describe("code that is loaded later", () => {
  it("is loaded when it is asked for, and once", async () => {
    let loads = 0;
    const load = later(async () => {
      loads += 1;
      return "code";
    });
    expect(loads).toBe(0);
    expect(await Promise.all([load(), load()])).toEqual(["code", "code"]);
    expect([await load(), loads]).toEqual(["code", 1]);
  });

  it("is asked for again after a failure", async () => {
    const results = [Promise.reject(new Error("no network")), Promise.resolve("code")];
    const load = later(() => results.shift() ?? Promise.reject(new Error("loaded once too often")));
    await expect(load()).rejects.toThrow("no network");
    expect(await load()).toBe("code");
    expect(await load()).toBe("code");
  });
});
