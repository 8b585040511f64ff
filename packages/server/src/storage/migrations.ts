import type { Database } from "better-sqlite3";
import { clientRowOf } from "./client-rows.js";
import { StoreError } from "./store.js";

/**
 * The schema, step by step (D2, D3). Number n turns schema n into schema n + 1; a step that was released is never
 * edited, only followed by another. Every row carries a CRC-32 over its own bytes (`rows`).
 *
 * The newest version stands beside the document too, so that a log that lost its end is found out.
 * Times are REAL because a clock may give fractions of a millisecond. Operations have no row id: the log of one
 * document then lies together on disk, in order.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE documents (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    row_checksum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX documents_by_change ON documents (updated_at DESC, id);

  CREATE TABLE operations (
    document TEXT NOT NULL REFERENCES documents (id),
    version INTEGER NOT NULL,
    client TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    user TEXT NOT NULL,
    time REAL NOT NULL,
    checksum INTEGER NOT NULL,
    row_checksum INTEGER NOT NULL,
    operation BLOB NOT NULL,
    PRIMARY KEY (document, version),
    UNIQUE (document, client, sequence)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    document TEXT NOT NULL REFERENCES documents (id),
    version INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    row_checksum INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (document, version)
  ) STRICT;
  `,
  // What documents did before there was a choice (E5).
  `
  ALTER TABLE documents ADD COLUMN identical_inserts TEXT NOT NULL DEFAULT 'merge';
  `,
  // Trash, segments, chunks, names, permissions, audit (H2–H4, S4, A2, A4). `packed`: the last version in a segment.
  `
  ALTER TABLE documents ADD COLUMN trashed_at REAL;
  ALTER TABLE documents ADD COLUMN trashed_by TEXT;
  ALTER TABLE documents ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
  DROP INDEX documents_by_change;
  CREATE INDEX documents_by_change ON documents (updated_at DESC, id) WHERE trashed_at IS NULL;

  CREATE TABLE segments (
    document TEXT NOT NULL REFERENCES documents (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    earliest REAL NOT NULL,
    latest REAL NOT NULL,
    size INTEGER NOT NULL,
    archive_key TEXT,
    bytes BLOB,
    row_checksum INTEGER NOT NULL,
    PRIMARY KEY (document, first)
  ) STRICT;

  CREATE TABLE packed_clients (
    document TEXT NOT NULL REFERENCES documents (id),
    client TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    user TEXT NOT NULL,
    row_checksum INTEGER NOT NULL,
    PRIMARY KEY (document, client)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE snapshots ADD COLUMN created_at REAL NOT NULL DEFAULT 0;

  CREATE TABLE chunks (
    document TEXT NOT NULL REFERENCES documents (id),
    name BLOB NOT NULL,
    saved_at REAL NOT NULL,
    bytes BLOB NOT NULL,
    row_checksum INTEGER NOT NULL,
    PRIMARY KEY (document, name)
  ) STRICT;

  CREATE TABLE named_versions (
    document TEXT NOT NULL REFERENCES documents (id),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    named_by TEXT NOT NULL,
    named_at REAL NOT NULL,
    row_checksum INTEGER NOT NULL,
    PRIMARY KEY (document, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE permissions (
    document TEXT NOT NULL REFERENCES documents (id),
    user TEXT NOT NULL,
    role TEXT NOT NULL,
    row_checksum INTEGER NOT NULL,
    PRIMARY KEY (document, user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX permissions_by_user ON permissions (user, document);

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time REAL NOT NULL,
    user TEXT NOT NULL,
    document TEXT,
    action TEXT NOT NULL,
    details TEXT NOT NULL,
    row_checksum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_document ON audit (document, id);
  CREATE INDEX audit_by_user ON audit (user, id);
  CREATE INDEX audit_by_time ON audit (time);

  CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // One row per client in place of an index over all operations: each author of a commit touched another page of that
  // (S2, S5). Clients in segments have theirs; those that wrote since get a newer one (`client_checksum`).
  // Operations are copied, for SQLite can't drop a constraint. Documents are counted by who made them (L3).
  `
  ALTER TABLE packed_clients RENAME TO clients;
  INSERT INTO clients (document, client, sequence, version, user, row_checksum)
    SELECT document, client, sequence, version, user,
      client_checksum(document, version, client, sequence, user, time, checksum, row_checksum, operation)
    FROM (SELECT *, max(version) FROM operations GROUP BY document, client)
    WHERE true
    ON CONFLICT (document, client) DO UPDATE SET
      sequence = excluded.sequence, version = excluded.version, user = excluded.user,
      row_checksum = excluded.row_checksum;

  CREATE TABLE operations_4 (
    document TEXT NOT NULL REFERENCES documents (id),
    version INTEGER NOT NULL,
    client TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    user TEXT NOT NULL,
    time REAL NOT NULL,
    checksum INTEGER NOT NULL,
    row_checksum INTEGER NOT NULL,
    operation BLOB NOT NULL,
    PRIMARY KEY (document, version)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO operations_4 SELECT * FROM operations ORDER BY document, version;
  DROP TABLE operations;
  ALTER TABLE operations_4 RENAME TO operations;

  CREATE INDEX documents_by_creator ON documents (created_by);
  `,
  // Whether the owner alone says who edits (S11).
  `
  ALTER TABLE documents ADD COLUMN moderated INTEGER NOT NULL DEFAULT 0;
  `,
];

/**
 * Brings a database to the newest schema, all steps or none. Its schema is kept in `user_version`; 0 is an empty one.
 * @throws StoreError `unsupported_version` for a database that a newer release wrote
 */
export function migrate(database: Database, steps: readonly string[] = MIGRATIONS): void {
  // Without the write lock, so that a current database can be opened while somebody writes to it.
  if (missingSteps(database, steps).length === 0) return;
  database.function("client_checksum", { deterministic: true }, clientChecksum);
  const run = database.transaction(() => {
    // Asked again under the lock: another process may have taken the same steps meanwhile.
    for (const step of missingSteps(database, steps)) database.exec(step);
    database.pragma(`user_version = ${steps.length}`);
  });
  run.immediate();
}

/** What step 4 writes beside the newest operation of a client, whose columns these are. */
function clientChecksum(
  document: string,
  version: number,
  client: string,
  sequence: number,
  user: string,
  time: number,
  checksum: number,
  row_checksum: number,
  operation: Uint8Array,
): number {
  return clientRowOf({ document, version, client, sequence, user, time, checksum, row_checksum, operation })
    .row_checksum;
}

function missingSteps(database: Database, steps: readonly string[]): readonly string[] {
  const found = Number(database.pragma("user_version", { simple: true }));
  if (found <= steps.length) return steps.slice(found);
  const text = `the database has schema ${found}, this release knows up to ${steps.length}: use a newer release`;
  throw new StoreError("unsupported_version", text);
}
