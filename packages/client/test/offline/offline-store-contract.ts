import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Journal, OfflineStore } from "../../src/offline/index.js";

/** A device under test. */
export interface Device {
  /** The storage as a new tab or process sees it. */
  tab(): OfflineStore;
  /** Removes everything. */
  clear(): Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const plain = (values: readonly Uint8Array[]): readonly number[][] => values.map((value) => [...value]);

/** What every `OfflineStore` does. */
export function offlineStoreContract(name: string, device: () => Promise<Device>): void {
  describe(`${name} as a store of journals`, () => {
    let made: Device;
    let held: Journal[] = [];
    beforeEach(async () => {
      const { tab, clear } = await device();
      made = { clear, tab: () => noting(tab(), (journal) => held.push(journal)) };
    });
    afterEach(async () => {
      for (const journal of held) journal.release();
      held = [];
      await made.clear();
    });

    it("has nothing to claim at first", async () => {
      const store = made.tab();
      expect([await store.claim("d"), await store.documents()]).toEqual([undefined, []]);
    });

    it("gives back what was appended, in order, to the next one who claims it", async () => {
      const store = made.tab();
      const journal = await store.create("d", "c");
      expect([journal.document, journal.client]).toEqual(["d", "c"]);
      expect(await journal.read()).toEqual({ snapshot: undefined, entries: [] });
      await journal.compact(bytes(9, 9));
      await Promise.all([journal.append([bytes(1), bytes(2, 2)]), journal.append([bytes(3)])]);
      journal.release();
      const claimed = await made.tab().claim("d");
      expect([claimed?.document, claimed?.client]).toEqual(["d", "c"]);
      const content = await claimed?.read();
      expect([...(content?.snapshot ?? [])]).toEqual([9, 9]);
      expect(plain(content?.entries ?? [])).toEqual([[1], [2, 2], [3]]);
      await claimed?.append([bytes(4)]);
      claimed?.release();
      const again = await (await store.claim("d"))?.read();
      expect(plain(again?.entries ?? [])).toEqual([[1], [2, 2], [3], [4]]);
    });

    it("has the snapshot instead of everything before it", async () => {
      const store = made.tab();
      const journal = await store.create("d", "c");
      await journal.compact(bytes(1));
      await journal.append([bytes(2)]);
      const waits = [journal.compact(bytes(3)), journal.append([bytes(4)])];
      await Promise.all(waits);
      journal.release();
      const content = await (await store.claim("d"))?.read();
      expect([...(content?.snapshot ?? [])]).toEqual([3]);
      expect(plain(content?.entries ?? [])).toEqual([[4]]);
    });

    it("takes entries of any size, empty ones too", async () => {
      const store = made.tab();
      const journal = await store.create("d", "c");
      const large = new Uint8Array(300_000).map((_, index) => index % 251);
      await journal.compact(large);
      await journal.append([bytes(), large]);
      journal.release();
      const content = await (await store.claim("d"))?.read();
      expect(Buffer.compare(content?.snapshot ?? bytes(), large)).toBe(0);
      expect(content?.entries.map((entry) => entry.length)).toEqual([0, 300_000]);
      expect(Buffer.compare(content?.entries[1] ?? bytes(), large)).toBe(0);
    });

    it("lets one hold a journal at a time", async () => {
      const [first, second] = [made.tab(), made.tab()];
      const journal = await first.create("d", "c");
      await journal.compact(bytes(1));
      expect([await first.claim("d"), await second.claim("d")]).toEqual([undefined, undefined]);
      journal.release();
      const claims = [await second.claim("d"), await first.claim("d")];
      expect(claims.map((claim) => claim?.client)).toEqual(["c", undefined]);
    });

    it("offers the newest one that nobody holds, and not those of other documents", async () => {
      const store = made.tab();
      for (const client of ["old", "new"]) {
        const journal = await store.create("d", client);
        await journal.compact(bytes(1));
        journal.release();
        await later();
      }
      const other = await store.create("D", "other");
      await other.compact(bytes(1));
      other.release();
      const claims = [await store.claim("d"), await store.claim("d"), await store.claim("d")];
      expect(claims.map((claim) => claim?.client)).toEqual(["new", "old", undefined]);
    });

    it("shows what the newest journal holds that has a snapshot, whoever holds it, and leaves it to them", async () => {
      const [first, second] = [made.tab(), made.tab()];
      expect(await second.peek("d")).toBeUndefined();
      const other = await first.create("D", "other");
      await other.compact(bytes(7));
      const old = await first.create("d", "old");
      expect(await second.peek("d")).toBeUndefined();
      await old.compact(bytes(1));
      await later();
      const held = await first.create("d", "held");
      await held.compact(bytes(2));
      await held.append([bytes(3), bytes(4)]);
      await held.append([bytes(5)]);
      await later();
      await first.create("d", "empty");
      for (const store of [first, second]) {
        const content = await store.peek("d");
        expect([...(content?.snapshot ?? [])]).toEqual([2]);
        expect(plain(content?.entries ?? [])).toEqual([[3], [4], [5]]);
      }
      await held.append([bytes(6)]);
      expect(plain((await held.read()).entries)).toEqual([[3], [4], [5], [6]]);
      expect(await second.claim("d")).toBeUndefined();
      held.release();
      expect((await second.peek("d"))?.entries).toHaveLength(4);
      expect((await second.claim("d"))?.client).toBe("held");
    });

    it("forgets what was deleted", async () => {
      const store = made.tab();
      const journal = await store.create("d", "c");
      await journal.compact(bytes(1));
      await journal.append([bytes(2)]);
      await journal.delete();
      expect([await store.claim("d"), await store.peek("d"), await store.documents()]).toEqual([
        undefined,
        undefined,
        [],
      ]);
      const second = await store.create("d", "c");
      expect(await second.read()).toEqual({ snapshot: undefined, entries: [] });
    });

    it("tells which documents there are, newest first, whatever their names", async () => {
      const store = made.tab();
      const names = ["a", "../..", "é/😀", "x".repeat(64)];
      for (const document of names) {
        for (const client of ["1", "2"]) {
          const journal = await store.create(document, client);
          await journal.compact(bytes(1));
          journal.release();
        }
        await later();
      }
      expect(await made.tab().documents()).toEqual([...names].reverse());
    });
  });
}

/** Two things that one after the other are not at the same time: clocks of file systems and browsers count milliseconds. */
async function later(): Promise<void> {
  const start = Date.now();
  while (Date.now() < start + 2) await new Promise((resolve) => setImmediate(resolve));
}

/** A store that tells which journals it gives away. */
function noting(store: OfflineStore, note: (journal: Journal) => void): OfflineStore {
  const noted = <T extends Journal | undefined>(journal: T): T => {
    if (journal !== undefined) note(journal);
    return journal;
  };
  return {
    claim: async (document) => noted(await store.claim(document)),
    peek: (document) => store.peek(document),
    create: async (document, client) => noted(await store.create(document, client)),
    documents: () => store.documents(),
  };
}
