import { promisify } from "node:util";
import { constants, deflate, inflate } from "node:zlib";
import { Columns } from "./postgres-columns.js";
import type { Connections, Session } from "./postgres-connections.js";
import { type DocumentTable, existing, lockDocument, unknownDocument } from "./postgres-documents.js";
import { byteaArray, int8Array } from "./postgres-values.js";
import { damaged, fromSnapshotRow, type SnapshotRow, toSnapshotRow } from "./rows.js";
import type { Sealed } from "./sealed-row.js";
import { nameFromBytes, nameToBytes } from "./snapshot-format.js";
import {
  type ChunkRow,
  missingChunk,
  type NamedVersionRow,
  toChunkBytes,
  toChunkRow,
  toNamedVersion,
  toNamedVersionRow,
} from "./snapshot-rows.js";
import {
  type Chunk,
  type ChunkName,
  type NamedVersion,
  type SnapshotInfo,
  type StoredSnapshot,
  StoreError,
} from "./store.js";

const SNAPSHOT = new Columns<SnapshotRow>("document", "version", "checksum", "created_at", "row_checksum", "content");
const CHUNK = new Columns<Sealed<ChunkRow>>("document", "name", "saved_at", "bytes", "row_checksum");
const NAME = new Columns<Sealed<NamedVersionRow>>(
  "document",
  "name",
  "version",
  "named_by",
  "named_at",
  "row_checksum",
);

const SAVE = `
  WITH document AS (${existing("$1")})
  INSERT INTO snapshots (${SNAPSHOT.list}) SELECT ${SNAPSHOT.parameters} FROM document
  ON CONFLICT (document, version) DO UPDATE SET ${SNAPSHOT.excluded}`;
const NEWEST = `
  SELECT ${SNAPSHOT.list} FROM snapshots WHERE document = $1 AND version <= $2 ORDER BY version DESC LIMIT 1`;
const LIST = `
  SELECT version, checksum, created_at, length(content) AS bytes FROM snapshots WHERE document = $1 ORDER BY version`;
const SOME = `SELECT ${SNAPSHOT.list} FROM snapshots WHERE document = $1 AND version = ANY($2::int8[])`;
const STAMPS = "SELECT version, row_checksum FROM snapshots WHERE document = $1";
const DELETE_UNNAMED = `
  DELETE FROM snapshots AS snapshot WHERE document = $1 AND version = $2
    AND NOT EXISTS (SELECT 1 FROM named_versions AS named WHERE named.document = $1 AND named.version = $2)`;
const SAVE_CHUNKS = `
  WITH document AS (${existing("$1")})
  INSERT INTO chunks (${CHUNK.list})
  SELECT document.id, name, $2, bytes, row_checksum
  FROM document, unnest($3::bytea[], $4::bytea[], $5::int8[]) AS chunk (name, bytes, row_checksum)
  ON CONFLICT (document, name) DO UPDATE SET ${CHUNK.excluded}`;
const CHUNKS = `SELECT ${CHUNK.list} FROM chunks WHERE document = $1 AND name = ANY($2::bytea[])`;
const CHUNK_NAMES = "SELECT name FROM chunks WHERE document = $1 AND name = ANY($2::bytea[])";
const DELETE_CHUNKS = `
  DELETE FROM chunks WHERE document = $1 AND saved_at < $2 AND NOT name = ANY($3::bytea[])`;
const ADD_NAME = `INSERT INTO named_versions (${NAME.list}) VALUES (${NAME.parameters}) ON CONFLICT DO NOTHING`;
const NAMES = `SELECT ${NAME.list} FROM named_versions WHERE document = $1 ORDER BY version, name`;

/** What `compressChunk` does, beside the event loop. */
const compress = promisify<Uint8Array, object, Buffer>(deflate);
const decompress = promisify<Uint8Array, Buffer>(inflate);

/** Snapshots, their chunks, and versions with names. */
export class SnapshotTable {
  readonly #connections: Connections;
  readonly #documents: DocumentTable;

  constructor(connections: Connections, documents: DocumentTable) {
    this.#connections = connections;
    this.#documents = documents;
  }

  async saveChunks(document: string, chunks: readonly Chunk[], time: number): Promise<void> {
    if (chunks.length === 0 && (await this.#documents.find(document)) === undefined) throw unknownDocument(document);
    // One statement can't write a row twice.
    const different = [...new Map(chunks.map((chunk) => [chunk.name, chunk])).values()];
    const rows = await Promise.all(
      different.map(async ({ name, bytes }) => {
        const compressed = await compress(bytes, { level: constants.Z_BEST_SPEED });
        return toChunkRow(document, { name, bytes: compressed }, time);
      }),
    );
    const saved = await this.#connections.run(SAVE_CHUNKS, [
      document,
      time,
      byteaArray(rows.map(({ name }) => name)),
      byteaArray(rows.map(({ bytes }) => bytes)),
      int8Array(rows.map(({ row_checksum }) => row_checksum)),
    ]);
    if (saved < rows.length) throw unknownDocument(document);
  }

  async chunks(document: string, names: readonly ChunkName[]): Promise<readonly Uint8Array[]> {
    const rows = await this.#connections.query<Sealed<ChunkRow>>(CHUNKS, [document, nameArray(names)]);
    const found = new Map(rows.map((row) => [nameFromBytes(row.name), row]));
    return Promise.all(
      names.map(async (name) => {
        const row = found.get(name);
        if (row === undefined) throw missingChunk(document, name);
        const what = `chunk ${name} of document ${document}`;
        return decompress(toChunkBytes(row, what)).catch(() => Promise.reject(damaged(what)));
      }),
    );
  }

  async save(document: string, snapshot: StoredSnapshot): Promise<void> {
    const row = toSnapshotRow(document, snapshot);
    const saved = await this.#connections.transaction(async (session) => {
      if (snapshot.chunks !== undefined) await checkChunks(session, document, snapshot.chunks);
      return session.run(SAVE, SNAPSHOT.values(row));
    });
    if (saved === 0) throw unknownDocument(document);
  }

  async newest(document: string, atMost: number): Promise<StoredSnapshot | undefined> {
    const limit = Math.min(atMost, Number.MAX_SAFE_INTEGER);
    const [row] = await this.#connections.query<SnapshotRow>(NEWEST, [document, limit]);
    return row && fromSnapshotRow(row);
  }

  async list(document: string): Promise<readonly SnapshotInfo[]> {
    type Row = Omit<SnapshotInfo, "time"> & { readonly created_at: number };
    const rows = await this.#connections.query<Row>(LIST, [document]);
    return rows.map(({ created_at: time, ...info }) => ({ ...info, time }));
  }

  /** Under the lock nobody can give the version a name meanwhile. */
  delete(document: string, version: number): Promise<boolean> {
    return this.#connections.transaction(async (session) => {
      await lockDocument(session, document);
      return (await session.run(DELETE_UNNAMED, [document, version])) > 0;
    });
  }

  /** Manifests are read before the lock is taken, those that came meanwhile under it: then nobody can save one. */
  async collectChunks(document: string, savedBefore: number): Promise<number> {
    const used = new UsedChunks(document);
    await this.#connections.use((session) => used.read(session));
    return this.#connections.transaction(async (session) => {
      await lockDocument(session, document);
      await used.read(session);
      return session.run(DELETE_CHUNKS, [document, savedBefore, nameArray(used.names)]);
    });
  }

  async nameVersion(document: string, named: NamedVersion): Promise<void> {
    const row = toNamedVersionRow(document, named);
    const added = await this.#connections.transaction(async (session) => {
      if ((await lockDocument(session, document)) === undefined) throw unknownDocument(document);
      return session.run(ADD_NAME, NAME.values(row));
    });
    if (added === 0) throw new StoreError("exists", `document ${document} has a version ${named.name} already`);
  }

  async namedVersions(document: string): Promise<readonly NamedVersion[]> {
    return (await this.#connections.query<Sealed<NamedVersionRow>>(NAMES, [document])).map(toNamedVersion);
  }
}

/** The chunks that the snapshots of a document name. */
class UsedChunks {
  readonly #document: string;
  readonly #read = new Set<string>();
  readonly #names = new Set<ChunkName>();

  constructor(document: string) {
    this.#document = document;
  }

  get names(): readonly ChunkName[] {
    return [...this.#names];
  }

  /** Adds those of snapshots that were not read yet. @throws StoreError `damaged` */
  async read(session: Session): Promise<void> {
    const stamps = await session.query<Pick<SnapshotRow, "version" | "row_checksum">>(STAMPS, [this.#document]);
    const unread = stamps.filter((stamp) => !this.#read.has(stampOf(stamp))).map(({ version }) => version);
    if (unread.length === 0) return;
    for (const row of await session.query<SnapshotRow>(SOME, [this.#document, int8Array(unread)])) {
      for (const name of fromSnapshotRow(row).chunks ?? []) this.#names.add(name);
      this.#read.add(stampOf(row));
    }
  }
}

const stampOf = ({ version, row_checksum }: Pick<SnapshotRow, "version" | "row_checksum">): string =>
  `${version} ${row_checksum}`;

/** Locks the document first, so that nobody collects the chunks before the manifest is there. */
async function checkChunks(session: Session, document: string, names: readonly ChunkName[]): Promise<void> {
  if ((await lockDocument(session, document)) === undefined) throw unknownDocument(document);
  const rows = await session.query<Pick<ChunkRow, "name">>(CHUNK_NAMES, [document, nameArray(names)]);
  const found = new Set(rows.map(({ name }) => nameFromBytes(name)));
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw missingChunk(document, missing);
}

const nameArray = (names: readonly ChunkName[]): Uint8Array => byteaArray(names.map(nameToBytes));
