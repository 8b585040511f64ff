import { type Chunk, type NamedVersion, type SnapshotInfo, type StoredSnapshot, StoreError } from "@tutti/server";
import { bytesRow, compareUtf8, flipped, type Row, readBytes, readSnapshot, snapshotRow } from "./memory-rows.js";

interface StoredChunk {
  readonly row: Row;
  readonly savedAt: number;
}

/** Snapshots, chunks and named versions of one document. */
export class MemorySnapshots {
  readonly #document: string;
  #snapshots = new Map<number, { readonly row: Row; readonly info: SnapshotInfo }>();
  #chunks = new Map<string, StoredChunk>();
  #names: readonly NamedVersion[] = [];

  constructor(document: string) {
    this.#document = document;
  }

  copy(): MemorySnapshots {
    const copy = new MemorySnapshots(this.#document);
    copy.#snapshots = new Map(this.#snapshots);
    copy.#chunks = new Map(this.#chunks);
    copy.#names = this.#names;
    return copy;
  }

  saveChunks(chunks: readonly Chunk[], savedAt: number): void {
    for (const { name, bytes } of chunks) this.#chunks.set(name, { row: bytesRow(bytes), savedAt });
  }

  chunks(names: readonly string[]): readonly Uint8Array[] {
    return names.map((name) => readBytes(this.#chunk(name).row, `chunk ${name} of document ${this.#document}`));
  }

  save(snapshot: StoredSnapshot): void {
    for (const name of snapshot.chunks ?? []) this.#chunk(name);
    const row = snapshotRow(snapshot);
    const { version, checksum, time } = snapshot;
    this.#snapshots.set(version, { row, info: { version, checksum, time, bytes: row.bytes.length } });
  }

  newest(atMost: number): StoredSnapshot | undefined {
    const version = Math.max(...[...this.#snapshots.keys()].filter((candidate) => candidate <= atMost));
    const found = this.#snapshots.get(version);
    return found && readSnapshot(found.row, `snapshot ${version} of document ${this.#document}`);
  }

  list(): readonly SnapshotInfo[] {
    return [...this.#snapshots.values()].map(({ info }) => info).sort((a, b) => a.version - b.version);
  }

  delete(version: number): boolean {
    return !this.#names.some((named) => named.version === version) && this.#snapshots.delete(version);
  }

  collectChunks(savedBefore: number): number {
    const used = new Set(
      [...this.#snapshots.values()].flatMap(({ row, info }) => {
        return readSnapshot(row, `snapshot ${info.version} of document ${this.#document}`).chunks ?? [];
      }),
    );
    const garbage = [...this.#chunks].filter(([name, { savedAt }]) => savedAt < savedBefore && !used.has(name));
    for (const [name] of garbage) this.#chunks.delete(name);
    return garbage.length;
  }

  nameVersion(named: NamedVersion): void {
    if (this.#names.some(({ name }) => name === named.name)) {
      throw new StoreError("exists", `there is a version ${named.name} already`);
    }
    this.#names = [...this.#names, { ...named }].sort((a, b) => a.version - b.version || compareUtf8(a.name, b.name));
  }

  namedVersions(): readonly NamedVersion[] {
    return this.#names.map((named) => ({ ...named }));
  }

  damageSnapshot(version: number): void {
    const found = this.#snapshots.get(version);
    if (found !== undefined) this.#snapshots.set(version, { ...found, row: flipped(found.row) });
  }

  damageChunk(name: string): void {
    const { row, savedAt } = this.#chunk(name);
    this.#chunks.set(name, { row: flipped(row), savedAt });
  }

  #chunk(name: string): StoredChunk {
    const found = this.#chunks.get(name);
    if (found === undefined) throw new StoreError("missing_chunk", `document ${this.#document} has no chunk ${name}`);
    return found;
  }
}
