import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryDisk } from "@tutti/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveKey } from "../../src/storage/archive.js";
import { ArchivingStore } from "../../src/storage/archiving-store.js";
import { FolderArchive } from "../../src/storage/folder-archive.js";
import { directStore } from "./direct-store.js";
import { record, typing } from "./fixtures.js";

let folder: string;
let archive: FolderArchive;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tutti-archive-"));
  archive = new FolderArchive(join(folder, "archive"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("an archive in a folder (D5)", () => {
  test("gives back what was put there, to every handle", async () => {
    const key = archiveKey("a", 1, 10);
    expect(await archive.get(key)).toBeUndefined();
    await archive.put(key, Uint8Array.of(1, 2));
    await archive.put(key, Uint8Array.of(1, 2));
    expect(await new FolderArchive(join(folder, "archive")).get(key)).toEqual(Buffer.from([1, 2]));
    await archive.delete(key);
    await archive.delete(key);
    expect(await archive.get(key)).toBeUndefined();
  });

  test.each(["..", ".", "a/b", "../../etc", "é\u0000", "con"])(
    "stays in its folder for a document called %j",
    async (id) => {
      await archive.put(archiveKey(id, 1, 2), Uint8Array.of(7));
      expect(await archive.get(archiveKey(id, 1, 2))).toEqual(Buffer.from([7]));
      expect(readdirSync(folder)).toEqual(["archive"]);
      expect(readdirSync(join(folder, "archive"))).toHaveLength(1);
    },
  );

  test("that can't be written says so", async () => {
    writeFileSync(join(folder, "archive"), "a file");
    await expect(archive.put(archiveKey("a", 1, 2), Uint8Array.of(1))).rejects.toMatchObject({
      code: "archive_unavailable",
    });
  });
});

describe("a store with an archive (H3)", () => {
  test("reads every range as if nothing had been moved", async () => {
    const disk = new MemoryDisk();
    disk.createDocument(record("a"));
    disk.claim("a");
    disk.append([typing("a", 1, 1, 60)]);
    for (const upTo of [10, 20, 30, 40]) disk.compact("a", upTo);
    const before = disk.operations("a", 0, 60, 60);
    const store = new ArchivingStore(directStore(disk), archive);
    for (const { first, last } of disk.segments("a").filter((_, index) => index !== 1)) {
      const bytes = await store.segment("a", first);
      await archive.put(archiveKey("a", first, last), bytes ?? new Uint8Array(0));
      disk.archiveSegment("a", first, archiveKey("a", first, last));
      expect(await store.segment("a", first)).toEqual(Buffer.from(bytes ?? []));
    }
    const bound = fc.integer({ min: -2, max: 65 });
    const property = fc.asyncProperty(bound, bound, bound, async (after, upTo, limit) => {
      const expected = before.filter(({ version }) => version > after && version <= upTo).slice(0, Math.max(0, limit));
      expect(await store.operations("a", after, upTo, limit)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 200 });
    expect(await store.operations("a", 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual(before);
  });

  test("a segment that is missing, damaged or another one is damage", async () => {
    const disk = new MemoryDisk();
    disk.createDocument(record("a"));
    disk.claim("a");
    disk.append([typing("a", 1, 1, 30)]);
    disk.compact("a", 10);
    disk.compact("a", 20);
    const key = archiveKey("a", 1, 10);
    const [own, other] = [disk.segment("a", 1), disk.segment("a", 11)];
    disk.archiveSegment("a", 1, key);
    const read = () => new ArchivingStore(directStore(disk), archive).operations("a", 0, 30, 30);
    await expect(read()).rejects.toMatchObject({ code: "damaged" });
    await archive.put(key, other ?? new Uint8Array(0));
    await expect(read()).rejects.toMatchObject({ code: "damaged" });
    await archive.put(key, (own ?? new Uint8Array(0)).subarray(1));
    await expect(read()).rejects.toMatchObject({ code: "damaged" });
    await archive.put(key, own ?? new Uint8Array(0));
    expect(await read()).toHaveLength(30);
  });
});
