import { Document } from "@tutti/ot";
import { documents, MemoryDisk } from "@tutti/testkit";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { decodeChunk, encodeChunk } from "../../src/snapshots/chunk-format.js";
import { chunkName } from "../../src/snapshots/chunk-name.js";
import { readSnapshot } from "../../src/snapshots/read-snapshot.js";
import { rewriteSnapshot, writeSnapshot } from "../../src/snapshots/write-snapshot.js";
import { ForwardingStore } from "../../src/storage/forwarding-store.js";
import { compressChunk, encodeSnapshot } from "../../src/storage/snapshot-format.js";
import type { Chunk, Store, StoredSnapshot } from "../../src/storage/store.js";
import { StoreError } from "../../src/storage/store.js";
import { directStore } from "../storage/direct-store.js";
import { record } from "../storage/fixtures.js";

const ALL = Number.POSITIVE_INFINITY;
const WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda my ny xi omikron pi rho sigma tau".split(
  " ",
);

/** Text that compresses about as well as prose does. */
function prose(units: number): string {
  let text = "";
  let seed = 7;
  while (text.length < units) {
    seed = (seed * 16_807) % 2_147_483_647;
    text += `${WORDS[seed % WORDS.length]}${seed % 11 === 0 ? `${seed}\n` : " "}`;
  }
  return text.slice(0, units);
}

/** Counts what is written, as bytes on disk. */
class CountingStore extends ForwardingStore {
  bytes = 0;
  override saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    for (const { bytes } of chunks) this.bytes += compressChunk(bytes).length + 16;
    return super.saveChunks(document, chunks, time);
  }
  override saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
    this.bytes += encodeSnapshot(snapshot).length;
    return super.saveSnapshot(document, snapshot);
  }
}

let disk: MemoryDisk;
let store: CountingStore;
beforeEach(() => {
  disk = new MemoryDisk();
  store = new CountingStore(directStore(disk));
  disk.createDocument(record("a"));
});

const write = (content: Document, version: number): Promise<void> =>
  writeSnapshot(store, { document: "a", version, content, time: version });
async function read(from: Store = store): Promise<Document> {
  const snapshot = await from.snapshot("a", ALL);
  if (snapshot === undefined) throw new Error("there is no snapshot");
  return readSnapshot(from, "a", snapshot);
}

/** `count` letters, typed one after the other at places that are `apart` units from each other. */
function typedAt(document: Document, count: number, places: number): Document {
  let edited = document;
  for (let index = 0; index < count; index += 1) {
    const place = Math.floor(((index % places) * document.length) / places) + index;
    edited = edited.apply([{ retain: place }, { insert: "x" }]);
  }
  return edited;
}

describe("snapshots (S4)", () => {
  test("of 500 keystrokes in a document of 10 MB write less than 5 % of it", { timeout: 60_000 }, async () => {
    const before = Document.fromDelta([{ insert: prose(10_000_000) }]);
    await write(before, 1);
    const whole = store.bytes;
    store.bytes = 0;
    const after = typedAt(before, 500, 5);
    await write(after, 501);
    expect(store.bytes).toBeLessThan(0.05 * 10_000_000);
    expect(store.bytes).toBeLessThan(0.05 * whole);
    expect((await read()).checksum).toBe(after.checksum);
  });

  test("after loading, too, only what changed is written", async () => {
    const before = Document.fromDelta([{ insert: prose(500_000) }]);
    await write(before, 1);
    const whole = store.bytes;
    const loaded = await read();
    store.bytes = 0;
    await write(typedAt(loaded, 10, 1), 11);
    expect(store.bytes).toBeLessThan(whole / 10);
    expect((await read()).text()).toBe(typedAt(before, 10, 1).text());
  });

  test("come back as they were written, small and large ones", async () => {
    const property = fc.asyncProperty(documents(), fc.boolean(), async (content, large) => {
      const written = large
        ? Document.fromDelta([...content.toDelta(), { insert: prose(20_000) }, ...content.toDelta()])
        : content;
      await write(written, 1);
      const found = await read();
      expect(found.toDelta()).toEqual(written.toDelta());
      expect(found.checksum).toBe(written.checksum);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test("are written anew when chunks of the one before were collected", async () => {
    const content = Document.fromDelta([{ insert: prose(100_000) }]);
    await write(content, 1);
    disk.deleteSnapshot("a", 1);
    expect(disk.collectChunks("a", ALL)).toBeGreaterThan(5);
    await write(typedAt(content, 1, 1), 2);
    expect((await read()).length).toBe(100_001);
  });

  test("survive a collection between their chunks and their manifest", async () => {
    const content = Document.fromDelta([{ insert: prose(100_000) }]);
    let collected = 0;
    class CollectingStore extends ForwardingStore {
      override saveSnapshot(document: string, snapshot: StoredSnapshot): Promise<void> {
        if (collected === 0) collected = disk.collectChunks("a", ALL);
        return super.saveSnapshot(document, snapshot);
      }
    }
    await writeSnapshot(new CollectingStore(store), { document: "a", version: 1, content, time: 1 });
    expect(collected).toBeGreaterThan(5);
    expect((await read()).checksum).toBe(content.checksum);
  });

  test("a chunk that is missing or swapped is damage, and rewriting mends it", async () => {
    const content = Document.fromDelta([{ insert: prose(60_000) }]);
    await write(content, 1);
    const snapshot = disk.snapshot("a", ALL);
    const [first = "", second = ""] = snapshot?.chunks ?? [];
    const [other = new Uint8Array(0)] = disk.chunks("a", [second]);
    disk.saveChunks("a", [{ name: first, bytes: other }], 1);
    await expect(read()).rejects.toThrow(StoreError);
    await expect(read()).rejects.toMatchObject({ code: "damaged" });
    await rewriteSnapshot(store, { document: "a", version: 1, content, time: 1 });
    expect((await read()).checksum).toBe(content.checksum);
  });

  test("a manifest with chunks in another order is damage", async () => {
    await write(Document.fromDelta([{ insert: prose(60_000) }]), 1);
    const snapshot = disk.snapshot("a", ALL);
    if (snapshot?.chunks === undefined) throw new Error("expected chunks");
    disk.saveSnapshot("a", { ...snapshot, chunks: snapshot.chunks.toReversed() });
    await expect(read()).rejects.toMatchObject({ code: "damaged" });
  });
});

describe("a chunk", () => {
  const sections = (content: Document) => [...content.sections()];

  test("comes back with the same runs, and under the same name", () => {
    fc.assert(
      fc.property(documents(), (content) => {
        for (const section of sections(content)) {
          const bytes = encodeChunk(section);
          const again = encodeChunk(decodeChunk(bytes, "it"));
          expect(chunkName(again)).toBe(chunkName(bytes));
        }
      }),
    );
  });

  test.each(["", "{}", "[1]", "[1,[],[]]", '[1,[],[""]]', '[1,[],["\\ud83c"]]', "[1,[],[[7]]]"])(
    "is not %j",
    (json) => {
      expect(() => decodeChunk(Buffer.from(json), "it")).toThrow(StoreError);
    },
  );

  test("of a newer format is refused as such", () => {
    expect(() => decodeChunk(Buffer.from('[2,[],["a"]]'), "it")).toThrow("reads 1");
  });

  test("is written as format 1 always was (D3)", () => {
    const content = Document.fromDelta([
      { insert: "Hi " },
      { insert: "you", attributes: { bold: true } },
      { insert: { image: "x" } },
    ]);
    const json = '[1,[{"bold":true}],["Hi ",["you",0],[{"image":"x"},-1]]]';
    expect(sections(content).map((section) => Buffer.from(encodeChunk(section)).toString())).toEqual([json]);
  });
});
