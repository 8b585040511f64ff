import { Document } from "@tutti/ot";
import { MemoryDisk } from "@tutti/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { loadDocument } from "../../src/documents/load.js";
import { writeSnapshot } from "../../src/snapshots/write-snapshot.js";
import { ForwardingStore } from "../../src/storage/forwarding-store.js";
import { type NewOperation, type Store, StoreError } from "../../src/storage/store.js";
import { directStore } from "../storage/direct-store.js";
import { record, typed } from "../storage/fixtures.js";

const VERSIONS = 60;

/** A document of more than one chunk, letter by letter from there on. */
const versions: readonly Document[] = (() => {
  const made = [Document.empty, Document.fromDelta([{ insert: "The quick brown fox.\n".repeat(3000) }])];
  for (let version = 2; version <= VERSIONS; version += 1) {
    made.push((made[version - 1] ?? Document.empty).apply([{ retain: version * 900 }, { insert: "x" }]));
  }
  return made;
})();
const at = (version: number): Document => versions[version] ?? Document.empty;

const log: readonly NewOperation[] = versions.slice(1).map((content, index) =>
  typed(index + 1, {
    operation: index === 0 ? content.toDelta() : [{ retain: (index + 1) * 900 }, { insert: "x" }],
    checksum: content.checksum,
  }),
);

let disk: MemoryDisk;
let store: Store;
let alarms: StoreError[];

beforeEach(async () => {
  disk = new MemoryDisk();
  store = directStore(disk);
  alarms = [];
  disk.createDocument(record("a"));
  disk.claim("a");
  disk.append([{ document: "a", epoch: 1, operations: log }]);
  for (const version of [20, 40]) {
    await writeSnapshot(store, { document: "a", version, content: at(version), time: version });
  }
});

const load = (version?: number, from = store) => loadDocument(from, "a", version, (error) => alarms.push(error));
const chunksOf = (version: number): readonly string[] => disk.snapshot("a", version)?.chunks ?? [];
/** In the chunks of the newer snapshot alone. */
const onlyIn40 = (): string => chunksOf(40).find((name) => !chunksOf(20).includes(name)) ?? "";

describe("loading (S3, S4)", () => {
  test("starts at the newest snapshot and says so", async () => {
    const loaded = await load();
    expect(loaded).toMatchObject({ version: VERSIONS, snapshotVersion: 40 });
    expect(loaded.document.checksum).toBe(at(VERSIONS).checksum);
    expect(loaded.tail.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, index) => 41 + index));
    expect(alarms).toEqual([]);
  });

  test.each([
    ["manifest", () => disk.damageSnapshot("a", 40)],
    ["chunk", () => disk.damageChunk("a", onlyIn40())],
  ])(
    "a flipped bit in the newest %s: an alarm, the snapshot before and the log, and it is mended",
    async (_, damage) => {
      damage();
      const loaded = await load();
      expect(loaded.snapshotVersion).toBe(20);
      expect(loaded.document.checksum).toBe(at(VERSIONS).checksum);
      expect(alarms.map(({ code }) => code)).toEqual(["damaged"]);
      alarms = [];
      const again = await load();
      expect(again.snapshotVersion).toBe(40);
      expect(again.document.checksum).toBe(at(VERSIONS).checksum);
      expect(alarms).toEqual([]);
    },
  );

  test("a flipped bit in a chunk of all snapshots: the log alone, and all are mended", async () => {
    disk.damageChunk("a", chunksOf(20).find((name) => chunksOf(40).includes(name)) ?? "");
    expect((await load()).snapshotVersion).toBe(0);
    expect(alarms).toHaveLength(2);
    alarms = [];
    expect((await load()).snapshotVersion).toBe(40);
    expect((await load(30)).snapshotVersion).toBe(20);
    expect(alarms).toEqual([]);
  });

  test("an older version goes back to the snapshot before it", async () => {
    disk.damageSnapshot("a", 40);
    const loaded = await load(45);
    expect([loaded.version, loaded.document.checksum]).toEqual([45, at(45).checksum]);
    expect((await load(39)).document.checksum).toBe(at(39).checksum);
  });

  test("what can't be mended is told, and the document is there all the same", async () => {
    disk.damageSnapshot("a", 40);
    class FullStore extends ForwardingStore {
      override saveSnapshot(): Promise<void> {
        return Promise.reject(new StoreError("unavailable", "the disk is full"));
      }
    }
    const loaded = await load(undefined, new FullStore(store));
    expect(loaded.document.checksum).toBe(at(VERSIONS).checksum);
    expect(alarms.map(({ code }) => code)).toEqual(["damaged", "unavailable"]);
  });

  test("a damaged operation is refused, never an empty document", async () => {
    disk.damageOperation("a", 50);
    await expect(load()).rejects.toMatchObject({ code: "damaged" });
    await expect(load(49)).resolves.toMatchObject({ version: 49 });
  });

  test("damage of a snapshot and of an operation behind the one before is refused", async () => {
    disk.damageSnapshot("a", 40);
    disk.damageOperation("a", 30);
    await expect(load()).rejects.toMatchObject({ code: "damaged" });
  });

  test("operations out of segments are replayed like all others", async () => {
    disk.compact("a", 35);
    disk.damageSnapshot("a", 40);
    disk.damageSnapshot("a", 20);
    const loaded = await load();
    expect([loaded.snapshotVersion, loaded.document.checksum]).toEqual([0, at(VERSIONS).checksum]);
    disk.damageSegment("a", 1);
    disk.damageSnapshot("a", 40);
    disk.damageSnapshot("a", 20);
    await expect(load()).rejects.toMatchObject({ code: "damaged" });
  });

  test("of a long replay only the newest operations are handed on", async () => {
    disk.createDocument(record("long"));
    disk.claim("long");
    const operations = Array.from({ length: 2500 }, (_, index) => typed(index + 1));
    disk.append([{ document: "long", epoch: 1, operations }]);
    const loaded = await loadDocument(store, "long", undefined, () => undefined);
    expect(loaded.version).toBe(2500);
    expect(loaded.tail.map(({ version }) => version)).toEqual(Array.from({ length: 2000 }, (_, index) => 501 + index));
  });
});
