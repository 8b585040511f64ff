import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveKey } from "../../src/storage/archive.js";
import { S3Archive } from "../../src/storage/s3-archive.js";

/** What the test server takes. */
const KEYS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

let folder: string;
let server: S3rver;
let address: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tutti-s3-"));
  server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "archive", configs: [] }],
  });
  const { port } = await server.run();
  address = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (bucket = "archive", keys = KEYS): S3Archive =>
  new S3Archive({ endpoint: `${address}/${bucket}`, ...keys });

describe("an archive in S3 (D5)", () => {
  test("gives back what was put there, to every handle", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256);
    const key = archiveKey("a", 1, 10);
    expect(await open().get(key)).toBeUndefined();
    await open().put(key, bytes);
    await open().put(key, bytes);
    expect(await open().get(key)).toEqual(bytes);
    await open().delete(key);
    await open().delete(key);
    expect(await open().get(key)).toBeUndefined();
  });

  test.each(["é 🍵", "a/b", "..", "a+b&c=d?e#f", "100%"])(
    "keeps a document called %j apart from others",
    async (id) => {
      await open().put(archiveKey(id, 1, 2), Uint8Array.of(7));
      await open().put(archiveKey(`${id}x`, 1, 2), Uint8Array.of(8));
      expect(await open().get(archiveKey(id, 1, 2))).toEqual(Uint8Array.of(7));
    },
  );

  test("that has no such bucket, other keys or no server is unavailable", async () => {
    await expect(open("elsewhere").put("a/1", Uint8Array.of(1))).rejects.toMatchObject({ code: "unavailable" });
    const strangers = open("archive", { accessKeyId: "nobody", secretAccessKey: "S3RVER" });
    await expect(strangers.put("a/1", Uint8Array.of(1))).rejects.toMatchObject({ code: "unavailable" });
    const nowhere = new S3Archive({ endpoint: "http://127.0.0.1:9/archive", ...KEYS });
    await expect(nowhere.get("a/1")).rejects.toMatchObject({ code: "unavailable" });
    expect(() => new S3Archive({ endpoint: "", ...KEYS })).toThrow("the archive");
  });
});
