import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "@tutti/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, isLoopback, readConfig, readConfigInEffect } from "../src/config.js";
import { storeLocation } from "../src/open-store.js";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "tutti-config-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const writeFile = (content: string, name = "tutti.config.json"): string => {
  const path = join(data, name);
  writeFileSync(path, content);
  return path;
};

/** What is wrong, as data. */
function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no error came");
}

describe("the configuration", () => {
  it("flags come before environment before file before defaults", () => {
    expect(readConfig({ data }, {})).toMatchObject({ host: "127.0.0.1", port: 4400, secret: undefined, drain: 60_000 });
    writeFile('{"port": 4000, "host": "::1", "drain": "5 s", "limits": {"frameBytes": "2 MB"}}');
    expect(readConfig({ data }, {})).toMatchObject({ host: "::1", port: 4000, drain: 5000 });
    expect(readConfig({ data }, { TUTTI_PORT: "5000" })).toMatchObject({ host: "::1", port: 5000 });
    expect(readConfig({ data, port: "6000" }, { TUTTI_PORT: "5000" }).port).toBe(6000);
    expect(readConfig({ data }, {}).limits).toEqual({ ...DEFAULT_LIMITS, frameBytes: 2_000_000 });
    expect(readConfig({ data: "/x/y" }, {}).data).toBe("/x/y");
  });

  it("says of each value where it came from", () => {
    const path = writeFile('{"drain": 30}');
    const { entries, file } = readConfigInEffect({ data, port: "1" }, { TUTTI_IDLE: "0" });
    const sources = new Map(entries.map(({ setting, source }) => [setting.name, source]));
    expect(file).toBe(path);
    expect([...["port", "idle", "drain", "host"]].map((name) => sources.get(name))).toEqual([
      { kind: "flag", flag: "port" },
      { kind: "environment", variable: "TUTTI_IDLE" },
      { kind: "file", file: path },
      { kind: "default" },
    ]);
  });

  it.each([
    [
      { port: "many" },
      {},
      "port",
      "flag",
      'port (flag --port): expected a whole number from 0 to 65,535, found "many"',
    ],
    [{}, { TUTTI_PORT: "70000" }, "port", "environment", "environment TUTTI_PORT"],
    [{}, { TUTTI_PORT: "12.5" }, "port", "environment", "TUTTI_PORT"],
    [{}, { TUTTI_DRAIN: "soon" }, "drain", "environment", "such as"],
    [{}, { TUTTI_DRAIN: "2 h" }, "drain", "environment", "from 0 to 1 h"],
    [{}, { TUTTI_LIMITS: "maybe" }, "rateLimits", "environment", '"on" or "off"'],
    [{}, { TUTTI_LIMIT_FRAME_BYTES: "1 TB" }, "limits.frameBytes", "environment", "a size from"],
    [{}, { TUTTI_DATABASE_URL: "mysql://x/y" }, "databaseUrl", "environment", "postgres://"],
  ] as const)(
    "refuses %j %j, naming setting, source and what was expected",
    (flags, environment, setting, kind, text) => {
      const error = errorOf(() => readConfig({ data, ...flags }, environment));
      expect([error.setting, error.source.kind]).toEqual([setting, kind]);
      expect(error.message).toContain(text);
    },
  );

  it("never repeats a secret, however wrong", () => {
    expect(errorOf(() => readConfig({ data }, { TUTTI_SECRET: "hunter2" })).message).not.toContain("hunter2");
    const address = "mysql://ann:hunter2@host/db";
    expect(errorOf(() => readConfig({ data }, { TUTTI_DATABASE_URL: address })).message).not.toContain("hunter2");
  });

  it("a variable that is set to nothing is not set", () => {
    expect(readConfig({ data }, { TUTTI_PORT: "", TUTTI_SECRET: "" })).toMatchObject({ port: 4400, secret: undefined });
  });

  it("times and sizes have units", () => {
    const drain = (value: string) => readConfig({ data }, { TUTTI_DRAIN: value }).drain;
    expect(["90", "90 s", "90s", "1.5 min", "250 ms", "1 h", "0"].map(drain)).toEqual([
      90_000, 90_000, 90_000, 90_000, 250, 3_600_000, 0,
    ]);
    const frame = (value: string) => readConfig({ data }, { TUTTI_LIMIT_FRAME_BYTES: value }).limits.frameBytes;
    expect(["1100000", "1,100,000", "1.1 MB", "1 MiB", "500 kB"].map(frame)).toEqual([
      1_100_000, 1_100_000, 1_100_000, 1_048_576, 500_000,
    ]);
  });
});

describe("the archive (D5)", () => {
  const keys = { TUTTI_ARCHIVE_ACCESS_KEY: "AKIA", TUTTI_ARCHIVE_SECRET_KEY: "hunter2" };

  it("is a folder, or a bucket of AWS or of an endpoint", () => {
    const archive = (environment: Record<string, string>) => readConfig({ data }, environment).archive;
    expect(archive(keys)).toBeUndefined();
    expect(archive({ TUTTI_ARCHIVE: "/mnt/slow" })).toEqual({ kind: "folder", folder: "/mnt/slow" });
    const inAws = { TUTTI_ARCHIVE: "s3://my.bucket", TUTTI_ARCHIVE_REGION: "eu-central-1", ...keys };
    expect(archive(inAws)).toEqual({
      kind: "s3",
      endpoint: "https://s3.eu-central-1.amazonaws.com",
      region: "eu-central-1",
      bucket: "my.bucket",
      prefix: "",
      accessKeyId: "AKIA",
      secretAccessKey: "hunter2",
    });
    const elsewhere = { TUTTI_ARCHIVE: "s3://bucket/a/b/", TUTTI_ARCHIVE_ENDPOINT: "http://localhost:9000/", ...keys };
    expect(archive(elsewhere)).toMatchObject({ endpoint: "http://localhost:9000", bucket: "bucket", prefix: "a/b" });
  });

  it("may have its keys in the file and its place in the environment", () => {
    writeFile('{"archiveAccessKey": "AKIA", "archiveSecretKey": "hunter2"}');
    expect(readConfig({ data }, { TUTTI_ARCHIVE: "s3://bucket" }).archive).toMatchObject({
      secretAccessKey: "hunter2",
    });
  });

  it.each([
    [{ TUTTI_ARCHIVE: "https://bucket.example.org" }, "archive", "s3://bucket/prefix"],
    [{ TUTTI_ARCHIVE: "s3://" }, "archive", "s3://bucket/prefix"],
    [{ TUTTI_ARCHIVE: "s3://Bucket" }, "archive", "s3://bucket/prefix"],
    [{ TUTTI_ARCHIVE: "s3://bucket/../other" }, "archive", "s3://bucket/prefix"],
    [{ TUTTI_ARCHIVE: "s3://bucket/a?b" }, "archive", "s3://bucket/prefix"],
    [{ TUTTI_ARCHIVE_ENDPOINT: "localhost:9000" }, "archiveEndpoint", "https://"],
    [{ TUTTI_ARCHIVE_ENDPOINT: "https://s3.example.org/bucket" }, "archiveEndpoint", "without bucket"],
    [{ TUTTI_ARCHIVE_REGION: "Frankfurt/1" }, "archiveRegion", "eu-central-1"],
    [{ TUTTI_ARCHIVE: "s3://bucket" }, "archiveAccessKey", "in the bucket bucket, found none"],
    [{ TUTTI_ARCHIVE: "s3://bucket", TUTTI_ARCHIVE_ACCESS_KEY: "AKIA" }, "archiveSecretKey", "found none"],
  ] as const)("refuses %j", (environment, setting, text) => {
    const error = errorOf(() => readConfig({ data }, environment));
    expect([error.setting, error.message]).toEqual([setting, expect.stringContaining(text)]);
  });
});

describe("PostgreSQL", () => {
  it("has a number of connections and a time for statements", () => {
    const environment = { TUTTI_DATABASE_URL: "postgres://host/db", TUTTI_DATABASE_TIMEOUT: "2 s" };
    const location = storeLocation(readConfig({ data }, { ...environment, TUTTI_DATABASE_CONNECTIONS: "20" }));
    expect(location).toMatchObject({ kind: "postgres", poolSize: 20, statementTimeout: 2000 });
    expect(errorOf(() => readConfig({ data }, { TUTTI_DATABASE_CONNECTIONS: "0" })).setting).toBe(
      "databaseConnections",
    );
  });
});

describe("the config file", () => {
  it.each([
    ['{"prot": 1}', "did you mean port?"],
    ['{"limits": {"frameBites": 1}}', "did you mean limits.frameBytes?"],
    ['{"limits": 7}', "a known setting"],
    ["[]", "a JSON object"],
    ["{oops", "expected JSON"],
    ['{"port": true}', "found true"],
    ['{"data": "/elsewhere"}', "name the file with --config"],
  ])("refuses %s", (content, text) => {
    const path = writeFile(content);
    const error = errorOf(() => readConfig({ data }, {}));
    expect(error.message).toContain(text);
    expect(error.source).toEqual({ kind: "file", file: path });
  });

  it("a file that is named must be there, and may name the data folder", () => {
    const error = errorOf(() => readConfig({ config: join(data, "none.json") }, {}));
    expect(error.message).toContain("a file that can be read");
    const path = writeFile('{"data": "/elsewhere", "port": 1}', "mine.json");
    expect(readConfig({ config: path }, {})).toMatchObject({ data: "/elsewhere", port: 1 });
    expect(readConfig({}, { TUTTI_CONFIG: path })).toMatchObject({ data: "/elsewhere", port: 1 });
  });
});

describe("loopback", () => {
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
