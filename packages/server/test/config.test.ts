import { describe, expect, it } from "vitest";
import { ConfigError, isLoopback, readConfig } from "../src/config.js";

describe("configuration", () => {
  it("flags come before environment before defaults", () => {
    expect(readConfig({}, {})).toMatchObject({ host: "127.0.0.1", port: 4400, secret: undefined });
    expect(readConfig({}, { TUTTI_PORT: "5000", TUTTI_HOST: "::1" })).toMatchObject({ host: "::1", port: 5000 });
    expect(readConfig({ port: "6000" }, { TUTTI_PORT: "5000" }).port).toBe(6000);
    expect(readConfig({ data: "/x/y" }, {}).data).toBe("/x/y");
  });

  it("names the setting that is wrong", () => {
    expect(() => readConfig({ port: "many" }, {})).toThrow(ConfigError);
    expect(() => readConfig({ port: "70000" }, {})).toThrow("TUTTI_PORT");
    expect(() => readConfig({}, { TUTTI_SECRET: "short" })).toThrow("TUTTI_SECRET");
  });

  it("knows which addresses only this machine can reach", () => {
    expect(["127.0.0.1", "127.8.8.8", "::1", "localhost"].map(isLoopback)).toEqual([true, true, true, true]);
    expect(["0.0.0.0", "::", "192.168.0.1", "127.0.0.1.example.org"].map(isLoopback)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
