import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/storage/sqlite-folder-lock.js";
import type { Store } from "../../src/storage/store.js";
import { typing } from "../storage/fixtures.js";
import { CommandWorld } from "./world.js";

let world: CommandWorld;
let file: string;
beforeEach(async () => {
  world = new CommandWorld();
  file = join(world.root, "all.jsonl.gz");
  await world.fill({ a: { operations: 520, snapshots: [500] }, b: { operations: 3 }, empty: { operations: 0 } });
});
afterEach(() => world.remove());

const other = (): string => join(world.root, "other");

/** Everything that can be read of a store. */
async function contentOf(store: Store) {
  const documents = await store.documents(100);
  const logs = await Promise.all(documents.map(({ id }) => store.operations(id, 0, 10_000, 10_000)));
  await store.close();
  return { documents, logs };
}

describe("D4: backup and restore", () => {
  it("bring back every document, operation, author and time", async () => {
    const backup = await world.run("backup", file);
    expect(backup).toMatchObject({ code: 0, notes: [] });
    expect(backup.results[0]).toContain("3 documents, 523 operations");
    const restored = await world.run("restore", file, "--data", other());
    expect(restored).toMatchObject({ code: 0, results: ["restored 3 documents, 523 operations, verified"] });
    expect(await contentOf(await world.open(other()))).toEqual(await contentOf(await world.open()));
    expect((await world.run("verify", "--data", other())).code).toBe(0);
    expect(readdirSync(other()).sort()).toEqual(["server.lock", "tutti.sqlite"]);
  });

  it("bring back names, roles, the trash, the audit, and what is packed", async () => {
    const store = await world.open();
    await store.compact("a", 200);
    await store.nameVersion("a", { name: "First draft", version: 3, by: "ada", time: 7 });
    await store.setRole("a", "bob", "reader");
    await store.moderateDocument("a", true);
    await store.trashDocument("b", "ada", 5000);
    await store.audit([1, 2, 3].map((time) => ({ time, user: "ada", action: "document.trashed", details: { time } })));
    await store.close();
    expect((await world.run("backup", file)).code).toBe(0);
    expect((await world.run("restore", file, "--data", other())).code).toBe(0);
    const [before, after] = [await world.open(), await world.open(other())];
    expect(await after.namedVersions("a")).toEqual(await before.namedVersions("a"));
    expect(await after.permissionsOf("a")).toEqual([{ document: "a", user: "bob", role: "reader" }]);
    expect((await after.document("a"))?.moderated).toBe(true);
    expect(await after.document("b")).toEqual(await before.document("b"));
    const audit = (records: readonly object[]) => records.map((record) => ({ ...record, id: 0 }));
    expect(audit(await after.auditRecords({}, 9))).toEqual(audit(await before.auditRecords({}, 9)));
    const operations = await after.operations("a", 0, 520, 520);
    const withoutChecksums = (list: readonly object[]) => list.map((each) => ({ ...each, checksum: 0 }));
    expect(withoutChecksums(operations)).toEqual(withoutChecksums(await before.operations("a", 0, 520, 520)));
    expect(await after.snapshots("a")).toMatchObject([{ version: 520 }]);
    await before.close();
    await after.close();
  });

  it("a folder gets a file with the time in its name, for its owner's eyes only", async () => {
    const { results } = await world.run("backup", `${join(world.root, "backups")}/`, "--json");
    const written = JSON.parse(results.join()).file;
    expect(written).toBe(join(world.root, "backups", "tutti-20260506-070809.jsonl.gz"));
    expect(statSync(written).mode & 0o077).toBe(0);
  });

  it("overwrites nothing, and leaves no half a file behind", async () => {
    writeFileSync(file, "precious");
    expect((await world.run("backup", file)).code).toBe(3);
    expect(readFileSync(file, "utf8")).toBe("precious");
    world.damage("UPDATE operations SET operation = x'00' WHERE document = 'a' AND version = 400");
    expect((await world.run("backup", join(world.root, "second.gz"))).code).toBe(3);
    expect(readdirSync(world.root).sort()).toEqual(["all.jsonl.gz", "data"]);
  });

  it("is consistent while people type: each document up to a version, nothing of it missing", async () => {
    const server = await world.open();
    const epoch = await server.claim("b");
    let version = 3;
    let finished = false;
    const typed = (async () => {
      while (!finished) {
        version += 1;
        await server.append([typing("b", epoch, version)]);
      }
    })();
    const outcome = await world.run("backup", file);
    finished = true;
    await typed;
    await server.close();
    expect(outcome.code).toBe(0);
    expect((await world.run("restore", file, "--data", other())).code).toBe(0);
    const { logs } = await contentOf(await world.open(other()));
    const kept = logs.find((log) => log.length !== 520 && log.length > 0) ?? [];
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.map((stored) => stored.version)).toEqual(kept.map((_, index) => index + 1));
  });

  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ["with a flipped bit", (bytes: Buffer) => flip(bytes, Math.floor(bytes.length / 2))],
    ["without its last line", (bytes: Buffer) => edit(bytes, (lines) => lines.slice(0, -1))],
    ["without a document", (bytes: Buffer) => edit(bytes, (lines) => lines.filter((line) => !/"empty"/.test(line)))],
    [
      "with another author",
      (bytes: Buffer) => edit(bytes, (lines) => lines.map((line) => line.replace('"ada"', '"eve"'))),
    ],
    [
      "with another letter",
      (bytes: Buffer) => edit(bytes, (lines) => lines.map((line) => line.replace(/"insert":"c"/, '"insert":"x"'))),
    ],
    [
      "with an operation twice",
      (bytes: Buffer) => edit(bytes, (lines) => lines.flatMap((line, at) => (at === 9 ? [line, line] : [line]))),
    ],
    ["of a newer format", (bytes: Buffer) => edit(bytes, (lines) => ['["tutti-backup",2,0]', ...lines.slice(1)])],
    ["that is empty", () => gzipSync("")],
    ["that is no backup", () => Buffer.from("hello")],
  ])("refuses a backup %s, and touches nothing", async (_name, change) => {
    await world.run("backup", file);
    writeFileSync(file, change(readFileSync(file)));
    const { code } = await world.run("restore", file, "--data", other());
    expect(code).toBe(3);
    expect(() => statSync(other())).toThrow("ENOENT");
  });

  it("refuses a folder with documents; --force moves them aside", async () => {
    await world.run("backup", file);
    await world.fill({ newer: { operations: 1 } });
    const refused = await world.run("restore", file);
    expect([refused.code, refused.notes.join()]).toMatchObject([4, expect.stringContaining("--force")]);
    expect((await world.run("verify", "newer")).code).toBe(0);
    expect((await world.run("restore", file, "--force")).code).toBe(0);
    expect((await world.run("verify", "newer")).code).toBe(1);
    const aside = readdirSync(world.data).find((name) => name.startsWith("replaced-")) ?? "";
    expect(await contentOf(await world.open(join(world.data, aside)))).toMatchObject({
      documents: expect.arrayContaining([expect.objectContaining({ id: "newer" })]),
    });
  });

  it("refuses a folder that a running server has, with --force too", async () => {
    await world.run("backup", file);
    mkdirSync(other());
    const lock = lockFolder(other());
    const { code, notes } = await world.run("restore", file, "--force", "--data", other());
    lock.release();
    expect([code, notes.join()]).toMatchObject([4, expect.stringContaining("stop it first")]);
    expect((await world.run("restore", file, "--data", other())).code).toBe(0);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function edit(bytes: Buffer, change: (lines: readonly string[]) => readonly string[]): Buffer {
  const lines = gunzipSync(bytes).toString().trimEnd().split("\n");
  const changed = change(lines);
  if (changed.join() === lines.join()) throw new Error("the test changed nothing");
  return gzipSync(`${changed.join("\n")}\n`);
}
