import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveKey } from "../../src/storage/archive.js";
import { S3Archive } from "../../src/storage/s3-archive.js";
import { S3_KEYS, type S3Server, startS3 } from "./s3-server.js";

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.remove());

const open = (bucket = "archive", keys = S3_KEYS): S3Archive =>
  new S3Archive({ endpoint: `${server.endpoint}/${bucket}`, ...keys });

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
    await expect(open("elsewhere").put("a/1", Uint8Array.of(1))).rejects.toMatchObject({ code: "archive_unavailable" });
    const strangers = open("archive", { accessKeyId: "nobody", secretAccessKey: "S3RVER" });
    await expect(strangers.put("a/1", Uint8Array.of(1))).rejects.toMatchObject({ code: "archive_unavailable" });
    const nowhere = new S3Archive({ endpoint: "http://127.0.0.1:9/archive", ...S3_KEYS });
    await expect(nowhere.get("a/1")).rejects.toMatchObject({ code: "archive_unavailable" });
    expect(() => new S3Archive({ endpoint: "", ...S3_KEYS })).toThrow("the archive");
  });
});
