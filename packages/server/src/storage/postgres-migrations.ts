import type { Session } from "./postgres-connections.js";
import { positionsOfClients } from "./postgres-migration-4.js";
import { StoreError } from "./store.js";

/** Statements, or what runs them. */
export type MigrationStep = string | ((session: Session) => Promise<void>);

/** Enough for engines that spread them over machines, few enough to plan and to open quickly. */
const PARTITIONS = 16;

/**
 * The schema of PostgreSQL, step by step (D2, D3). One history with that of SQLite (`migrations`): step n of both makes
 * schema n + 1, with the same tables and columns, and a step that was released is never edited.
 *
 * What grows with documents is partitioned by their ids (D1), so that vacuum, indexes and backups work on parts, and so
 * that an engine that spreads partitions over machines keeps what belongs together on one. No foreign keys: every
 * statement that adds a row to a document looks at the document in the same transaction, for less.
 */
export const POSTGRES_MIGRATIONS: readonly MigrationStep[] = [
  `
  ${partitioned(
    "documents",
    "id",
    `
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    title text NOT NULL,
    kind text NOT NULL,
    created_by text NOT NULL,
    created_at float8 NOT NULL,
    updated_at float8 NOT NULL,
    epoch int8 NOT NULL,
    version int8 NOT NULL,
    row_checksum int8 NOT NULL`,
  )}
  CREATE INDEX documents_by_change ON documents (updated_at DESC, id);

  ${partitioned(
    "operations",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    version int8 NOT NULL,
    client text COLLATE "C" NOT NULL,
    sequence int8 NOT NULL,
    "user" text NOT NULL,
    time float8 NOT NULL,
    checksum int8 NOT NULL,
    row_checksum int8 NOT NULL,
    operation bytea NOT NULL,
    PRIMARY KEY (document, version),
    UNIQUE (document, client, sequence)`,
  )}

  ${partitioned(
    "snapshots",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    version int8 NOT NULL,
    checksum int8 NOT NULL,
    row_checksum int8 NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (document, version)`,
  )}
  `,
  // What documents did before there was a choice (E5).
  `
  ALTER TABLE documents ADD COLUMN identical_inserts text NOT NULL DEFAULT 'merge';
  `,
  // Trash, segments, chunks, names, permissions, audit (H2–H4, S4, A2, A4). `packed`: the last version in a segment.
  `
  ALTER TABLE documents ADD COLUMN trashed_at float8;
  ALTER TABLE documents ADD COLUMN trashed_by text;
  ALTER TABLE documents ADD COLUMN packed int8 NOT NULL DEFAULT 0;
  DROP INDEX documents_by_change;
  CREATE INDEX documents_by_change ON documents (updated_at DESC, id) WHERE trashed_at IS NULL;

  ${partitioned(
    "segments",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    first int8 NOT NULL,
    last int8 NOT NULL,
    earliest float8 NOT NULL,
    latest float8 NOT NULL,
    size int8 NOT NULL,
    archive_key text,
    bytes bytea,
    row_checksum int8 NOT NULL,
    PRIMARY KEY (document, first)`,
  )}

  ${partitioned(
    "packed_clients",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    client text COLLATE "C" NOT NULL,
    sequence int8 NOT NULL,
    version int8 NOT NULL,
    "user" text NOT NULL,
    row_checksum int8 NOT NULL,
    PRIMARY KEY (document, client)`,
  )}

  ALTER TABLE snapshots ADD COLUMN created_at float8 NOT NULL DEFAULT 0;

  ${partitioned(
    "chunks",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    name bytea NOT NULL,
    saved_at float8 NOT NULL,
    bytes bytea NOT NULL,
    row_checksum int8 NOT NULL,
    PRIMARY KEY (document, name)`,
  )}

  ${partitioned(
    "named_versions",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version int8 NOT NULL,
    named_by text NOT NULL,
    named_at float8 NOT NULL,
    row_checksum int8 NOT NULL,
    PRIMARY KEY (document, name)`,
  )}

  ${partitioned(
    "permissions",
    "document",
    `
    document text COLLATE "C" NOT NULL,
    "user" text COLLATE "C" NOT NULL,
    role text NOT NULL,
    row_checksum int8 NOT NULL,
    PRIMARY KEY (document, "user")`,
  )}
  CREATE INDEX permissions_by_user ON permissions ("user", document);

  CREATE TABLE audit (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time float8 NOT NULL,
    "user" text COLLATE "C" NOT NULL,
    document text COLLATE "C",
    action text NOT NULL,
    details text NOT NULL,
    row_checksum int8 NOT NULL
  );
  CREATE INDEX audit_by_document ON audit (document, id);
  CREATE INDEX audit_by_user ON audit ("user", id);
  CREATE INDEX audit_by_time ON audit (time);

  CREATE TABLE jobs (
    name text NOT NULL PRIMARY KEY,
    state text NOT NULL
  );
  `,
  // One row per client in place of an index over all operations (S2). Documents are counted by who made them (L3).
  async (session) => {
    const parts = Array.from(
      { length: PARTITIONS },
      (_, n) => `ALTER TABLE packed_clients_${n} RENAME TO clients_${n};`,
    );
    await session.script(["ALTER TABLE packed_clients RENAME TO clients;", ...parts].join("\n"));
    await positionsOfClients(session);
    await session.script(`
      ALTER TABLE operations DROP CONSTRAINT operations_document_client_sequence_key;
      CREATE INDEX documents_by_creator ON documents (created_by)`);
  },
  // Whether the owner alone says who edits (S11).
  `
  ALTER TABLE documents ADD COLUMN moderated int8 NOT NULL DEFAULT 0;
  `,
];

function partitioned(table: string, key: string, columns: string): string {
  const count = PARTITIONS;
  const parts = Array.from(
    { length: count },
    (_, n) => `CREATE TABLE ${table}_${n} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${count}, REMAINDER ${n});`,
  );
  return [`CREATE TABLE ${table} (${columns}) PARTITION BY HASH (${key});`, ...parts].join("\n  ");
}

/** "tutti" in ASCII: whoever migrates holds this lock. */
const MIGRATION_LOCK = 0x74_75_74_74_69;

/**
 * Brings a database to the newest schema, all steps or none; to be called inside a transaction. Two servers that start
 * at once take turns; a database that has the newest schema is only read.
 * @throws StoreError `unsupported_version` for a database that a newer release wrote
 */
export async function migratePostgres(
  session: Session,
  steps: readonly MigrationStep[] = POSTGRES_MIGRATIONS,
): Promise<void> {
  if ((await missingSteps(session, steps)).length === 0) return;
  await session.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  // Asked again under the lock: another server may have taken the same steps meanwhile.
  for (const step of await missingSteps(session, steps)) {
    if (typeof step === "string") await session.script(step);
    else await step(session);
  }
  await session.script("CREATE TABLE IF NOT EXISTS tutti_schema (version int8 NOT NULL); DELETE FROM tutti_schema");
  await session.run("INSERT INTO tutti_schema (version) VALUES ($1)", [steps.length]);
}

async function missingSteps(session: Session, steps: readonly MigrationStep[]): Promise<readonly MigrationStep[]> {
  const found = await schemaVersion(session);
  if (found <= steps.length) return steps.slice(found);
  const text = `the database has schema ${found}, this release knows up to ${steps.length}: use a newer release`;
  throw new StoreError("unsupported_version", text);
}

/** 0 for a database without a schema of ours. */
async function schemaVersion(session: Session): Promise<number> {
  const [table] = await session.query<{ there: boolean }>("SELECT to_regclass('tutti_schema') IS NOT NULL AS there");
  if (table?.there !== true) return 0;
  const [row] = await session.query<{ version: number }>("SELECT version FROM tutti_schema");
  return row?.version ?? 0;
}
