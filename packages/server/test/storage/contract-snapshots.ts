import { describe, expect, test } from "vitest";
import { chunkName } from "../../src/snapshots/chunk-name.js";
import type { Chunk } from "../../src/storage/store.js";
import { ALL, expectCode, type Given } from "./contract-given.js";
import { snapshotAt } from "./fixtures.js";

const chunkOf = (text: string): Chunk => {
  const bytes = new TextEncoder().encode(text.repeat(200));
  return { name: chunkName(bytes), bytes };
};
const [RED, GREEN, BLUE] = [chunkOf("red"), chunkOf("green"), chunkOf("blue")];
const manifest = (version: number, ...chunks: readonly Chunk[]) => ({
  version,
  checksum: 1000 + version,
  time: 2000.5,
  chunks: chunks.map(({ name }) => name),
});
const plain = (bytes: readonly Uint8Array[]): readonly string[] => bytes.map((each) => new TextDecoder().decode(each));

/** Snapshots in chunks (S4), and versions with names (H2). */
export function describeSnapshots(given: () => Given): void {
  describe("chunks (S4)", () => {
    test("a manifest and its chunks come back as they were written, in its order", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 3);
      await store.saveChunks("a", [RED, GREEN], 1);
      await store.saveSnapshot("a", manifest(3, GREEN, RED, GREEN));
      expect(await store.snapshot("a", ALL)).toEqual(manifest(3, GREEN, RED, GREEN));
      const names = [GREEN.name, RED.name, GREEN.name];
      expect(plain(await store.chunks("a", names))).toEqual(plain([GREEN.bytes, RED.bytes, GREEN.bytes]));
      expect(await store.chunks("a", [])).toEqual([]);
    });

    test("a manifest whose chunks are not there is refused, and nothing changes", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 3);
      await documentWith("b", 1);
      await store.saveChunks("b", [RED], 1);
      await store.saveChunks("a", [GREEN], 1);
      await expectCode(store.saveSnapshot("a", manifest(3, GREEN, RED)), "missing_chunk");
      expect(await store.snapshot("a", ALL)).toBeUndefined();
      await expectCode(store.chunks("a", [RED.name]), "missing_chunk");
      await expectCode(store.chunks("x", [RED.name]), "missing_chunk");
      await expectCode(store.saveChunks("x", [RED], 1), "unknown_document");
    });

    test("whole ones and ones in chunks stand side by side, and take each other's place", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 3);
      await store.saveChunks("a", [RED], 1);
      await store.saveSnapshot("a", snapshotAt(1));
      await store.saveSnapshot("a", manifest(2, RED));
      expect(await store.snapshot("a", 1)).toEqual(snapshotAt(1));
      await store.saveSnapshot("a", snapshotAt(2));
      await store.saveSnapshot("a", manifest(1, RED));
      expect([await store.snapshot("a", 1), await store.snapshot("a", 2)]).toEqual([manifest(1, RED), snapshotAt(2)]);
    });

    test("what no snapshot names and is old enough is collected, per document", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 3);
      await documentWith("b", 3);
      for (const id of ["a", "b"]) await store.saveChunks(id, [RED, GREEN, BLUE], 100);
      await store.saveSnapshot("a", manifest(2, RED));
      await store.saveSnapshot("a", snapshotAt(1));
      expect(await store.collectChunks("a", 100)).toBe(0);
      await store.saveChunks("a", [BLUE], 200);
      expect(await store.collectChunks("a", 101)).toBe(1);
      await expectCode(store.chunks("a", [GREEN.name]), "missing_chunk");
      expect(await store.chunks("a", [RED.name, BLUE.name])).toHaveLength(2);
      expect(await store.chunks("b", [GREEN.name])).toHaveLength(1);
      await store.deleteSnapshot("a", 2);
      expect(await store.collectChunks("a", 1000)).toBe(2);
      expect(await store.collectChunks("x", 1000)).toBe(0);
    });

    test("nothing is collected while a manifest can't be read (4)", async () => {
      const { store, under, documentWith } = given();
      await documentWith("a", 3);
      await store.saveChunks("a", [RED, GREEN], 1);
      await store.saveSnapshot("a", manifest(2, RED));
      await under.damageSnapshot("a", 2);
      await expectCode(store.collectChunks("a", 1000), "damaged");
      expect(await store.chunks("a", [RED.name, GREEN.name])).toHaveLength(2);
    });

    test("a chunk with a flipped bit is never read, and is mended by writing it again (4)", async () => {
      const { store, under, documentWith } = given();
      await documentWith("a", 3);
      await store.saveChunks("a", [RED, GREEN], 1);
      await under.damageChunk("a", RED.name);
      await expectCode(store.chunks("a", [GREEN.name, RED.name]), "damaged");
      expect(await store.chunks("a", [GREEN.name])).toHaveLength(1);
      await store.saveChunks("a", [RED], 2);
      expect(plain(await store.chunks("a", [RED.name]))).toEqual(plain([RED.bytes]));
    });
  });

  describe("the list of snapshots", () => {
    test("shows versions, checksums and times, also of damaged ones", async () => {
      const { store, under, documentWith } = given();
      await documentWith("a", 30);
      await store.saveChunks("a", [RED], 1);
      await store.saveSnapshot("a", snapshotAt(20));
      await store.saveSnapshot("a", snapshotAt(10));
      await store.saveSnapshot("a", manifest(30, RED));
      await under.damageSnapshot("a", 20);
      const list = await store.snapshots("a");
      expect(list.map(({ version, checksum, time }) => [version, checksum, time])).toEqual([
        [10, snapshotAt(10).checksum, 3010],
        [20, snapshotAt(20).checksum, 3020],
        [30, 1030, 2000.5],
      ]);
      expect(list.every(({ bytes }) => bytes > 0)).toBe(true);
      expect(await store.snapshots("x")).toEqual([]);
    });

    test("one is deleted, the others stay", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 30);
      for (const version of [10, 20]) await store.saveSnapshot("a", snapshotAt(version));
      expect(await store.deleteSnapshot("a", 20)).toBe(true);
      expect(await store.deleteSnapshot("a", 20)).toBe(false);
      expect(await store.deleteSnapshot("x", 20)).toBe(false);
      expect(await store.snapshot("a", ALL)).toEqual(snapshotAt(10));
    });
  });

  describe("named versions (H2)", () => {
    const named = (name: string, version: number) => ({ name, version, by: "ada", time: 7000.5 });

    test("come in the order of their versions; a name is given once in a document", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 30);
      await documentWith("b", 30);
      for (const each of [named("Final", 30), named("Draft", 10), named("Begun", 10)])
        await store.nameVersion("a", each);
      await expectCode(store.nameVersion("a", named("Final", 20)), "exists");
      await store.nameVersion("b", named("Final", 20));
      expect(await store.namedVersions("a")).toEqual([named("Begun", 10), named("Draft", 10), named("Final", 30)]);
      expect(await store.namedVersions("x")).toEqual([]);
      await expectCode(store.nameVersion("x", named("Final", 20)), "unknown_document");
    });

    test("the snapshot of a named version can't be deleted", async () => {
      const { store, documentWith } = given();
      await documentWith("a", 30);
      for (const version of [10, 20]) await store.saveSnapshot("a", snapshotAt(version));
      await store.nameVersion("a", named("Draft", 10));
      expect(await store.deleteSnapshot("a", 10)).toBe(false);
      expect(await store.deleteSnapshot("a", 20)).toBe(true);
      expect(await store.snapshot("a", ALL)).toEqual(snapshotAt(10));
    });
  });
}
