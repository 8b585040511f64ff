import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mapped } from "../../src/offline/folder/file-errors.js";
import { FolderStore } from "../../src/offline/folder/folder-store.js";
import { offlineStoreContract } from "./offline-store-contract.js";

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "tutti-folder-store-"));

offlineStoreContract("a folder", async () => {
  const folder = await newFolder();
  return { tab: () => new FolderStore(folder), clear: () => rm(folder, { recursive: true }) };
});

describe("a folder", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The only file of the only journal. */
  async function journalFile(): Promise<string> {
    const files = await readdir(folder, { recursive: true });
    return join(folder, files.find((file) => file.endsWith(".journal")) ?? "missing");
  }

  async function written(): Promise<FolderStore> {
    const store = new FolderStore(folder);
    const journal = await store.create("d", "c");
    await journal.compact(Uint8Array.of(1));
    for (const entry of [2, 3, 4]) await journal.append([Uint8Array.of(entry)]);
    journal.release();
    return store;
  }

  async function entriesOf(store: FolderStore): Promise<readonly number[][]> {
    const journal = await store.claim("d");
    const { entries } = (await journal?.read()) ?? { entries: [] };
    await journal?.append([Uint8Array.of(9)]);
    journal?.release();
    return entries.map((entry) => [...entry]);
  }

  it.each([1, 5, 8, 9])(
    "cuts off a write that was never finished (%i bytes missing), and goes on behind what is whole",
    async (missing) => {
      const store = await written();
      const file = await journalFile();
      const { length } = await readFile(file);
      const handle = await open(file, "r+");
      await handle.truncate(length - missing);
      await handle.close();
      expect(await entriesOf(store)).toEqual([[2], [3]]);
      expect(await entriesOf(store)).toEqual([[2], [3], [9]]);
    },
  );

  it("can be looked into while somebody writes: what is not whole yet is left out, and left alone", async () => {
    const store = await written();
    const held = await store.claim("d");
    const file = await journalFile();
    const content = await readFile(file);
    await writeFile(file, content.subarray(0, -1));
    const found = await new FolderStore(folder).peek("d");
    expect([found?.snapshot, found?.entries].flat().map((bytes) => [...(bytes ?? [])])).toEqual([[1], [2], [3]]);
    expect(await readFile(file)).toHaveLength(content.length - 1);
    held?.release();
  });

  it("shows damage to what was written as an entry that nobody can read", async () => {
    const store = await written();
    const file = await journalFile();
    const content = await readFile(file);
    content[content.length - 15] = (content.at(-15) ?? 0) ^ 0x10;
    await writeFile(file, content);
    expect((await entriesOf(store)).at(-1)).toEqual([]);
  });

  it("leaves alone what it can't read at all", async () => {
    const store = await written();
    const file = await journalFile();
    await writeFile(file, "something else");
    expect([await store.claim("d"), await store.peek("d")]).toEqual([undefined, undefined]);
    expect(await readFile(file, "utf8")).toBe("something else");
    expect(await store.documents()).toEqual([]);
  });

  it("that is no folder refuses", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const store = new FolderStore(file);
    await expect(store.create("d", "c")).rejects.toMatchObject({ name: "OfflineStoreError", code: "refused" });
    await expect(store.claim("d")).rejects.toMatchObject({ code: "refused" });
  });

  // Made up, because the tests may run as somebody to whom nothing is forbidden.
  it.each([
    ["EACCES", "refused"],
    ["EROFS", "refused"],
    ["ENOSPC", "full"],
    ["EDQUOT", "full"],
    ["EIO", "failed"],
  ])("that answers %s has %s", async (code, expected) => {
    const failure = Object.assign(new Error("no"), { code });
    await expect(mapped(() => Promise.reject(failure))).rejects.toMatchObject({ code: expected, cause: failure });
  });

  it("is held by a living process, and free once that was killed, with all that was durable", async () => {
    const child = await startWriter(folder);
    const store = new FolderStore(folder);
    expect(await store.claim("d")).toBeUndefined();
    const promised = await killed(child);
    const journal = await store.claim("d");
    const { entries = [] } = (await journal?.read()) ?? {};
    const found = entries.map((entry) => Buffer.from(entry).readUInt32LE());
    journal?.release();
    expect(promised).toBeGreaterThan(0);
    expect(found.length).toBeGreaterThanOrEqual(promised);
    expect(found).toEqual(found.map((_, index) => index + 1));
  });

  it("that several processes want at the same time is given to one of them", async () => {
    await written();
    const stores = Array.from({ length: 20 }, () => new FolderStore(folder));
    for (let round = 0; round < 10; round += 1) {
      const claims = (await Promise.all(stores.map((store) => store.claim("d")))).filter(
        (claim) => claim !== undefined,
      );
      expect(claims).toHaveLength(1);
      claims[0]?.release();
    }
  });
});

/** A process that appends 1, 2, 3 … and says each time when that is durable; it has said so once. */
async function startWriter(folder: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("folder-writer.mjs", import.meta.url)), [folder], { execArgv: [] });
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the writer did not start")));
  });
  return child;
}

/** Kills it in the middle of its work. @returns the last number that it said was durable */
async function killed(child: ChildProcess): Promise<number> {
  let last = 0;
  return new Promise((resolve) => {
    child.on("message", (count: number) => {
      last = count;
      if (count >= 50) child.kill("SIGKILL");
    });
    child.once("close", () => resolve(last));
  });
}
