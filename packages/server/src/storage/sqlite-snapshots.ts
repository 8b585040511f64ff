import type { Database, Statement } from "better-sqlite3";
import { fromSnapshotRow, type SnapshotRow, toSnapshotRow } from "./rows.js";
import type { Sealed } from "./sealed-row.js";
import { compressChunk, decompressChunk, nameFromBytes, nameToBytes } from "./snapshot-format.js";
import {
  type ChunkRow,
  missingChunk,
  type NamedVersionRow,
  toChunkBytes,
  toChunkRow,
  toNamedVersion,
  toNamedVersionRow,
} from "./snapshot-rows.js";
import { type SqliteDocuments, unknownDocument } from "./sqlite-documents.js";
import {
  type Chunk,
  type ChunkName,
  type NamedVersion,
  type SnapshotInfo,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

/** Snapshots, their chunks, and versions with names: the calls of `SnapshotStore` and `VersionStore`. */
export class SqliteSnapshots {
  readonly #documents: SqliteDocuments;
  readonly #sql: Statements;
  readonly #writeChunks: (document: string, chunks: readonly Chunk[], time: number) => void;
  readonly #save: (document: string, snapshot: StoredSnapshot) => void;
  readonly #collect: (document: string, savedBefore: number) => number;

  constructor(connection: Database, documents: SqliteDocuments) {
    this.#documents = documents;
    this.#sql = prepare(connection);
    this.#writeChunks = connection.transaction((document: string, chunks: readonly Chunk[], time: number) => {
      documents.existing(document);
      for (const chunk of chunks) this.#sql.saveChunk.run(toChunkRow(document, chunk, time));
    }).immediate;
    this.#save = connection.transaction((document: string, snapshot: StoredSnapshot) => {
      this.#checkChunks(document, snapshot.chunks ?? []);
      if (this.#sql.save.run(toSnapshotRow(document, snapshot)).changes === 0) throw unknownDocument(document);
    }).immediate;
    this.#collect = connection.transaction((document: string, savedBefore: number) => {
      const used = this.#usedChunks(document);
      const garbage = this.#sql.chunkNames
        .all(document, savedBefore)
        .filter(({ name }) => !used.has(nameFromBytes(name)));
      for (const { name } of garbage) this.#sql.deleteChunk.run(document, name);
      return garbage.length;
    }).immediate;
  }

  /** What `writeChunks` takes: compressed beforehand, in another thread. */
  compressChunks(chunks: readonly Chunk[]): readonly Chunk[] {
    return chunks.map(({ name, bytes }) => ({ name, bytes: compressChunk(bytes) }));
  }

  writeChunks(document: string, compressed: readonly Chunk[], time: number): void {
    this.#writeChunks(document, compressed, time);
  }

  chunks(document: string, names: readonly ChunkName[]): readonly Uint8Array[] {
    return names.map((name) => {
      const row = this.#sql.chunk.get(document, nameToBytes(name));
      if (row === undefined) throw missingChunk(document, name);
      const what = `chunk ${name} of document ${document}`;
      return decompressChunk(toChunkBytes(row, what), what);
    });
  }

  save(document: string, snapshot: StoredSnapshot): void {
    this.#save(document, snapshot);
  }

  newest(document: string, atMost: number): StoredSnapshot | undefined {
    const row = this.#sql.newest.get(document, atMost);
    return row === undefined ? undefined : fromSnapshotRow(row);
  }

  list(document: string): readonly SnapshotInfo[] {
    return this.#sql.list.all(document).map(({ created_at: time, ...info }) => ({ ...info, time }));
  }

  /** Named ones stay: one statement looks and deletes. */
  delete(document: string, version: number): boolean {
    return this.#sql.deleteUnnamed.run({ document, version }).changes > 0;
  }

  collectChunks(document: string, savedBefore: number): number {
    return this.#collect(document, savedBefore);
  }

  nameVersion(document: string, named: NamedVersion): void {
    this.#documents.existing(document);
    const { changes } = this.#sql.name.run(toNamedVersionRow(document, named));
    if (changes === 0) throw new StoreError("exists", `there is a version ${named.name} already`);
  }

  namedVersions(document: string): readonly NamedVersion[] {
    return this.#sql.names.all(document).map(toNamedVersion);
  }

  #checkChunks(document: string, names: readonly ChunkName[]): void {
    for (const name of names) {
      if (this.#sql.hasChunk.get(document, nameToBytes(name)) === undefined) throw missingChunk(document, name);
    }
  }

  #usedChunks(document: string): ReadonlySet<ChunkName> {
    const used = new Set<ChunkName>();
    for (const row of this.#sql.all.iterate(document)) {
      for (const name of fromSnapshotRow(row).chunks ?? []) used.add(name);
    }
    return used;
  }
}

interface Statements {
  readonly save: Statement<[SnapshotRow]>;
  readonly newest: Statement<[string, number], SnapshotRow>;
  readonly all: Statement<[string], SnapshotRow>;
  readonly list: Statement<[string], Omit<SnapshotInfo, "time"> & { readonly created_at: number }>;
  readonly deleteUnnamed: Statement<[{ document: string; version: number }]>;
  readonly saveChunk: Statement<[ChunkRow]>;
  readonly chunk: Statement<[string, Uint8Array], Sealed<ChunkRow>>;
  readonly hasChunk: Statement<[string, Uint8Array]>;
  readonly chunkNames: Statement<[string, number], { readonly name: Uint8Array }>;
  readonly deleteChunk: Statement<[string, Uint8Array]>;
  readonly name: Statement<[object]>;
  readonly names: Statement<[string], Sealed<NamedVersionRow>>;
}

function prepare(connection: Database): Statements {
  return {
    save: connection.prepare(`
      INSERT INTO snapshots (document, version, checksum, created_at, row_checksum, content)
      SELECT @document, @version, @checksum, @created_at, @row_checksum, @content
      WHERE EXISTS (SELECT 1 FROM documents WHERE id = @document)
      ON CONFLICT (document, version) DO UPDATE SET
        checksum = excluded.checksum, created_at = excluded.created_at, row_checksum = excluded.row_checksum,
        content = excluded.content`),
    newest: connection.prepare(`
      SELECT * FROM snapshots WHERE document = ? AND version <= ? ORDER BY version DESC LIMIT 1`),
    all: connection.prepare("SELECT * FROM snapshots WHERE document = ?"),
    list: connection.prepare(`
      SELECT version, checksum, created_at, length(content) AS bytes FROM snapshots
      WHERE document = ? ORDER BY version`),
    deleteUnnamed: connection.prepare(`
      DELETE FROM snapshots WHERE document = @document AND version = @version
        AND NOT EXISTS (SELECT 1 FROM named_versions WHERE document = @document AND version = @version)`),
    ...prepareChunks(connection),
    name: connection.prepare(`
      INSERT INTO named_versions (document, name, version, named_by, named_at, row_checksum)
      VALUES (@document, @name, @version, @named_by, @named_at, @row_checksum) ON CONFLICT DO NOTHING`),
    names: connection.prepare("SELECT * FROM named_versions WHERE document = ? ORDER BY version, name"),
  };
}

function prepareChunks(
  connection: Database,
): Pick<Statements, "saveChunk" | "chunk" | "hasChunk" | "chunkNames" | "deleteChunk"> {
  return {
    saveChunk: connection.prepare(`
      INSERT INTO chunks (document, name, saved_at, bytes, row_checksum)
      VALUES (@document, @name, @saved_at, @bytes, @row_checksum)
      ON CONFLICT (document, name) DO UPDATE SET
        saved_at = excluded.saved_at, bytes = excluded.bytes, row_checksum = excluded.row_checksum`),
    chunk: connection.prepare("SELECT * FROM chunks WHERE document = ? AND name = ?"),
    hasChunk: connection.prepare("SELECT 1 FROM chunks WHERE document = ? AND name = ?"),
    chunkNames: connection.prepare("SELECT name FROM chunks WHERE document = ? AND saved_at < ?"),
    deleteChunk: connection.prepare("DELETE FROM chunks WHERE document = ? AND name = ?"),
  };
}
