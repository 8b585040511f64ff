import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { effectiveConfig, formatValue, unknownVariables } from "../../src/configuration/effective.js";
import { configurationReference } from "../../src/configuration/reference.js";
import { SETTINGS } from "../../src/configuration/settings.js";
import { nearest } from "../../src/configuration/spelling.js";

const PAGE = new URL("../../../../docs/configuration.md", import.meta.url);

describe("the table of settings", () => {
  it("docs/configuration.md is made from it: npm run docs:configuration", () => {
    expect(readFileSync(PAGE, "utf8")).toBe(configurationReference());
  });

  it("has no name, variable or flag twice, and a sentence for each", () => {
    for (const names of [
      SETTINGS.map((setting) => setting.name),
      SETTINGS.map((setting) => setting.variable),
      SETTINGS.flatMap((setting) => setting.flag?.name ?? []),
    ]) {
      expect(new Set(names).size).toBe(names.length);
    }
    expect(SETTINGS.filter((setting) => !setting.meaning.endsWith("."))).toEqual([]);
  });

  it("reads every default back from the way it is shown", () => {
    for (const { kind, default: value, name } of SETTINGS) {
      if (value !== undefined) expect([name, kind.parse(kind.format(value))]).toEqual([name, value]);
    }
  });

  it("shows no secret", () => {
    const environment = {
      TUTTI_SECRET: "a secret that is long enough, really",
      TUTTI_DATABASE_URL: "postgres://ann:hunter2@host/db?sslpassword=hunter3",
      TUTTI_ARCHIVE_SECRET_KEY: "hunter4",
    };
    const shown = effectiveConfig({ flags: {}, environment }).map(formatValue);
    expect(shown).toContain("postgres://ann:***@host/db?sslpassword=***");
    expect(shown.filter((value) => /hunter|long enough/.test(value))).toEqual([]);
  });
});

describe("misspelt names", () => {
  it("of variables are found out", () => {
    expect(unknownVariables({ TUTTI_PRT: "1", TUTTI_PORT: "1", TUTTI_CONFIG: "x", PATH: "y" })).toEqual([
      { variable: "TUTTI_PRT", meant: "TUTTI_PORT" },
    ]);
  });

  it("lead to the nearest one, or to none", () => {
    const names = ["serve", "verify", "inspect", "restore"];
    expect(["verfy", "SERVE", "restroe", "banana"].map((word) => nearest(word, names))).toEqual([
      "verify",
      "serve",
      "restore",
      undefined,
    ]);
  });
});
