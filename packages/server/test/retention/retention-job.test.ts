import { MemoryDisk } from "@tutti/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import type { RetentionAction } from "../../src/retention/plan-document.js";
import { type RetentionSettings, runRetention } from "../../src/retention/retention-job.js";
import { RETENTION_RULES } from "../../src/retention/rules.js";
import type { Archive } from "../../src/storage/archive.js";
import { ArchivingStore } from "../../src/storage/archiving-store.js";
import { ForwardingStore } from "../../src/storage/forwarding-store.js";
import { StoreError } from "../../src/storage/store.js";
import { directStore } from "../storage/direct-store.js";
import { record, snapshotAt, typed, typing } from "../storage/fixtures.js";

const DAY = 86_400_000;
const YEARS = 3 * 365 * DAY;
const RULES = { ...RETENTION_RULES, mostRowsAtRest: 20, keptRows: 5, longestSegment: 30 };

class MemoryArchive implements Archive {
  readonly files = new Map<string, Uint8Array>();
  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.files.set(key, bytes);
  }
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.files.get(key);
  }
  async delete(key: string): Promise<void> {
    this.files.delete(key);
  }
}

let disk: MemoryDisk;
let archive: MemoryArchive;
beforeEach(() => {
  disk = new MemoryDisk();
  archive = new MemoryArchive();
});

function add(id: string, versions: number): void {
  disk.createDocument(record(id));
  disk.claim(id);
  if (versions > 0) disk.append([typing(id, 1, 1, versions)]);
}
const settings = (change: Partial<RetentionSettings> = {}): RetentionSettings => ({
  store: directStore(disk),
  archive,
  now: () => YEARS,
  rules: RULES,
  ...change,
});
const run = (change?: Partial<RetentionSettings>) => runRetention(settings(change));

describe("the retention job (H3, H4)", () => {
  test("packs, archives, thins and purges; then there is nothing left to do but to look for unused chunks", async () => {
    add("a", 70);
    for (const version of [10, 20, 30, 40]) disk.saveSnapshot("a", snapshotAt(version));
    add("gone", 70);
    disk.compact("gone", 50);
    disk.trashDocument("gone", "ada", YEARS - 31 * DAY);
    add("lately", 3);
    disk.trashDocument("lately", "ada", YEARS - 29 * DAY);
    expect(await run()).toMatchObject({ documents: 3, errors: 0 });
    expect(disk.segments("a").map(({ first, last }) => [first, last])).toEqual([
      [1, 30],
      [31, 60],
      [61, 65],
    ]);
    expect(disk.snapshots("a").map(({ version }) => version)).toEqual([30, 40]);
    expect(disk.document("gone")).toBeUndefined();
    expect(disk.document("lately")).toBeDefined();
    await run();
    expect(archive.files.size).toBe(3);
    const plans: RetentionAction[] = [];
    await run({ onPlan: (_, actions) => plans.push(...actions) });
    expect(plans.map(({ kind }) => kind)).toEqual(["collect_chunks"]);
  });

  test("what was archived reads as before, and leaves the archive when its document is purged", async () => {
    add("a", 70);
    await run();
    await run();
    expect(() => disk.operations("a", 0, 70, 70)).toThrow(StoreError);
    const store = new ArchivingStore(directStore(disk), archive);
    const read = await store.operations("a", 0, Number.POSITIVE_INFINITY, 1000);
    expect(read.map(({ checksum, ...rest }) => rest)).toEqual(
      Array.from({ length: 70 }, (_, index) => typed(index + 1)).map(({ checksum, ...rest }) => rest),
    );
    disk.trashDocument("a", "ada", YEARS - 31 * DAY);
    await run();
    expect([disk.document("a"), archive.files.size]).toEqual([undefined, 0]);
  });

  test("a dry run says the same and does nothing", async () => {
    add("a", 70);
    disk.saveSnapshot("a", snapshotAt(10));
    const planned: unknown[] = [];
    const onPlan = (_: unknown, actions: unknown): void => void planned.push(actions);
    const dry = await run({ dryRun: true, onPlan });
    expect([disk.segments("a"), disk.jobState("retention"), archive.files.size]).toEqual([[], undefined, 0]);
    const real = await run({ onPlan });
    expect(planned[0]).toEqual(planned[1]);
    expect(dry).toEqual(real);
  });

  test("open documents keep their rows", async () => {
    add("a", 70);
    await run({ isOpen: (id) => id === "a" });
    expect(disk.segments("a")).toEqual([]);
  });

  test("a run that was stopped is gone on with, and nothing is looked at twice", async () => {
    for (let index = 0; index < 120; index += 1) add(`doc-${String(index).padStart(3, "0")}`, 30);
    const stop = new AbortController();
    const seen: string[] = [];
    const onPlan = ({ id }: { readonly id: string }): void => {
      seen.push(id);
      if (seen.length === 75) stop.abort();
    };
    const first = await run({ onPlan, signal: stop.signal });
    expect(first.documents).toBe(75);
    const second = await run({ onPlan });
    // The page that was under way is looked at again; what was done in it has nothing left to do.
    expect(second.documents).toBe(70);
    expect(new Set(seen).size).toBe(120);
    expect(disk.jobState("retention")).toBeUndefined();
  });

  test("one document that can't be looked after does not keep the others from it", async () => {
    for (const id of ["a", "b", "c"]) add(id, 70);
    disk.damageOperation("b", 3);
    const errors: string[] = [];
    const progress = await run({ onError: ({ id }, { code }) => errors.push(`${id} ${code}`) });
    expect(errors).toEqual(["b damaged"]);
    expect(progress).toMatchObject({ documents: 3, errors: 1 });
    expect([disk.segments("a").length, disk.segments("b").length, disk.segments("c").length]).toEqual([3, 0, 3]);
  });

  test("killed between archive and store, nothing is lost, and the next run finishes", async () => {
    add("a", 70);
    await run({ archive: undefined });
    class DyingStore extends ForwardingStore {
      override archiveSegment(): Promise<boolean> {
        return Promise.reject(new StoreError("unavailable", "killed"));
      }
    }
    await run({ store: new DyingStore(directStore(disk)) });
    expect([archive.files.size, disk.operations("a", 0, 70, 70).length]).toEqual([1, 70]);
    await run();
    expect([archive.files.size, disk.segments("a").filter(({ archiveKey }) => archiveKey).length]).toEqual([3, 3]);
  });

  test("an archive that says yes and keeps nothing, or something else, gets nothing", async () => {
    add("a", 70);
    await run({ archive: undefined });
    class ForgetfulArchive extends MemoryArchive {
      override async put(): Promise<void> {}
    }
    class CarelessArchive extends MemoryArchive {
      override put(key: string, bytes: Uint8Array): Promise<void> {
        return super.put(key, bytes.subarray(1));
      }
    }
    for (const bad of [new ForgetfulArchive(), new CarelessArchive()]) {
      const errors: string[] = [];
      await run({ archive: bad, onError: (_, { code }) => errors.push(code) });
      expect(errors).toEqual(["archive_unavailable"]);
    }
    expect(disk.operations("a", 0, 70, 70)).toHaveLength(70);
  });

  test("a document that was taken out of the trash meanwhile is not purged", async () => {
    add("a", 1);
    disk.trashDocument("a", "ada", 0);
    await run({ onPlan: () => void disk.restoreDocument("a") });
    expect(disk.document("a")).toBeDefined();
  });
});
