import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { S3_KEYS, type S3Server, startS3 } from "../storage/s3-server.js";
import { CommandWorld } from "./world.js";

interface Finding {
  readonly name: string;
  readonly state: string;
  readonly message: string;
}

let world: CommandWorld;
let s3: S3Server;
beforeEach(async () => {
  world = new CommandWorld();
  s3 = await startS3();
  Object.assign(world.environment, {
    TUTTI_RETENTION_MOST_ROWS_AT_REST: "20",
    TUTTI_RETENTION_KEPT_ROWS: "10",
    TUTTI_RETENTION_LONGEST_SEGMENT: "30",
    TUTTI_ARCHIVE: "s3://archive/old/tutti",
    TUTTI_ARCHIVE_ENDPOINT: s3.endpoint,
    TUTTI_ARCHIVE_ACCESS_KEY: S3_KEYS.accessKeyId,
    TUTTI_ARCHIVE_SECRET_KEY: S3_KEYS.secretAccessKey,
  });
});
afterEach(async () => {
  world.remove();
  await s3.remove();
});

const archiveFinding = async (): Promise<Finding | undefined> => {
  const { results } = await world.run("doctor", "--json", "--port", "0");
  return (JSON.parse(results.join("\n")) as readonly Finding[]).find(({ name }) => name === "archive");
};

describe("D5: an archive in S3, or in a folder", () => {
  it("takes old operations, and every command reads them from there", async () => {
    await world.fill({ a: { operations: 60 } });
    // The operations of the test are from 1970; a run archives what an earlier one has packed.
    await world.run("compact");
    await world.run("compact");
    expect(s3.keys()).toEqual(["old/tutti/a/1-30.segment", "old/tutti/a/31-50.segment"]);
    expect((await world.run("verify")).results).toEqual([expect.stringContaining("all sound")]);
    const inspected = (await world.run("inspect", "a")).results.join("\n");
    expect(inspected).toMatch(
      /^archived +1 to 30, .*: s3:\/\/archive\/old\/tutti\/a\/1-30.segment\n +31 to 50, .*31-50.segment$/m,
    );
    const { archive, segments } = JSON.parse((await world.run("inspect", "a", "--json")).results.join("\n"));
    expect([archive, segments[1].archiveKey]).toEqual(["s3://archive/old/tutti", "a/31-50.segment"]);
  });

  it("that is out of reach, or not configured any more, is named as the reason", async () => {
    await world.fill({ a: { operations: 60 } });
    await world.run("compact");
    await world.run("compact");
    world.environment["TUTTI_ARCHIVE_ENDPOINT"] = "http://127.0.0.1:9";
    const unreachable = await world.run("inspect", "a");
    expect([unreachable.code, unreachable.notes.join()]).toEqual([
      3,
      expect.stringMatching(/the archive: fetch failed: ./),
    ]);
    delete world.environment["TUTTI_ARCHIVE"];
    const unset = await world.run("inspect", "a");
    expect([unset.code, unset.notes.join()]).toEqual([3, expect.stringContaining("TUTTI_ARCHIVE")]);
  });

  it("doctor puts something there, reads it back and leaves nothing behind", async () => {
    expect(await archiveFinding()).toMatchObject({
      state: "ok",
      message: "s3://archive/old/tutti can be written and read",
    });
    expect(s3.keys()).toEqual([]);
    world.environment["TUTTI_ARCHIVE"] = "s3://elsewhere";
    expect(await archiveFinding()).toMatchObject({ state: "problem", message: expect.stringContaining("the archive") });
  });

  it("doctor does the same with a folder, and makes none", async () => {
    const folder = join(world.root, "slow");
    world.environment["TUTTI_ARCHIVE"] = folder;
    expect(await archiveFinding()).toMatchObject({ state: "ok", message: expect.stringContaining("will be made") });
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    expect(await archiveFinding()).toMatchObject({ state: "ok", message: `${folder} can be written and read` });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(world.root, "file"), "");
    world.environment["TUTTI_ARCHIVE"] = join(world.root, "file");
    expect(await archiveFinding()).toMatchObject({ state: "problem" });
  });

  it("no command shows the secret", async () => {
    world.environment["TUTTI_ARCHIVE_SECRET_KEY"] = "hunter2";
    for (const words of [["config"], ["config", "--json"], ["doctor"]]) {
      const { results, notes } = await world.run(...words);
      expect([...results, ...notes].join("\n")).not.toContain("hunter2");
    }
  });
});
