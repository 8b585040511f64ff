import { type AppendPlan, type HeadChange, planAppends } from "./postgres-append-plan.js";
import { clientColumns, clientPositions, clientRows, saveClients } from "./postgres-clients.js";
import type { Connections, Session } from "./postgres-connections.js";
import { DOCUMENT_COLUMNS } from "./postgres-documents.js";
import { isTaken, isTakenBack } from "./postgres-errors.js";
import type { KnownDocuments } from "./postgres-known.js";
import { OPERATION_COLUMNS } from "./postgres-operations.js";
import { byteaArray, float8Array, int8Array, textArray, type Value } from "./postgres-values.js";
import { asUtf8, type DocumentRow, damaged, type OperationRow } from "./rows.js";
import { type Append, type AppendOutcome, StoreError } from "./store.js";

/**
 * Everything that a batch writes, in one statement: one round trip, one transaction, one commit.
 *
 * A document takes its operations only when its row is the one that the plan started from; the fence and the number are
 * thereby looked at in the transaction that stores, and so is where its clients are, for only an append changes that.
 * When one of the rows is another by now, the division by zero takes back the whole statement. (An append that is
 * planned anew must not find that half of it is stored.)
 */
const APPEND = `
  WITH heads AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::int8[], $3::int8[], $4::float8[], $5::int8[], $6::int8[], $7::float8[], $8::int8[])
      AS head (id, epoch, version, updated_at, row_checksum, new_version, new_updated_at, new_row_checksum)
  ), changed AS (
    UPDATE documents AS document
    SET version = new_version, updated_at = new_updated_at, row_checksum = new_row_checksum
    FROM heads AS head
    WHERE document.id = head.id AND document.epoch = head.epoch AND document.version = head.version
      AND document.updated_at = head.updated_at AND document.row_checksum = head.row_checksum
    RETURNING document.id
  ), added AS (
    INSERT INTO operations (${OPERATION_COLUMNS.list})
    SELECT operation.*
    FROM unnest($9::text[], $10::int8[], $11::text[], $12::int8[], $13::text[], $14::float8[], $15::int8[], $16::int8[],
        $17::bytea[])
      AS operation (document, version, client, sequence, "user", time, checksum, row_checksum, operation)
    JOIN changed ON changed.id = operation.document
  ), placed AS (${saveClients(18, "JOIN changed ON changed.id = client.document")}
  )
  SELECT 1 / CASE WHEN (SELECT count(*) FROM changed) = (SELECT count(*) FROM heads) THEN 1 ELSE 0 END`;

const READ = `SELECT ${DOCUMENT_COLUMNS.list} FROM documents WHERE id = ANY($1::text[])`;

/** PostgreSQL takes at most 1 GB in one message, and holds all of it in memory. */
const MOST_BYTES = 64_000_000;
/** Others that write to the same documents can be in the way this many times. */
const ATTEMPTS = 10;

/**
 * Appends, each batch in one transaction. As long as this process is the only one that writes to its documents, that
 * is one round trip; else the rows are read again and the batch is planned anew.
 */
export class Appender {
  readonly #connections: Connections;
  readonly #known: KnownDocuments;
  readonly #mostBytes: number;

  /** @param mostBytes of operations in one statement; a batch with more takes several, in one transaction */
  constructor(connections: Connections, known: KnownDocuments, mostBytes: number = MOST_BYTES) {
    this.#connections = connections;
    this.#known = known;
    this.#mostBytes = mostBytes;
  }

  /** @throws StoreError; then nothing was stored, unless the connection was lost in the commit */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.#connections.use((session) => this.#append(session, appends));
  }

  async #append(session: Session, appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    let plan = this.#plan(appends);
    if (plan.doubtful.length > 0) {
      await this.#read(session, plan.doubtful);
      plan = this.#plan(appends);
    }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const written = await this.#write(session, plan);
      if (written === "all") return plan.outcomes;
      // A document that is read anew leaves no room for that, but for operations that it does not know of.
      if (written === "taken" && attempt > 1) throw damaged("the log of a document");
      await this.#read(session, appends);
      plan = this.#plan(appends);
    }
    throw new StoreError("unavailable", "others write to the same documents all the time");
  }

  #plan(appends: readonly Append[]): AppendPlan {
    return planAppends(appends, (id) => this.#known.get(id));
  }

  /** Makes what is known about the documents of these appends true, as of now. */
  async #read(session: Session, appends: readonly Append[]): Promise<void> {
    const documents = new Set(appends.map(({ document }) => document));
    const rows = await session.query<DocumentRow>(READ, [textArray([...documents])]);
    // After the documents: they are never older than those, so that no sequence is taken for free.
    const sequences = await readSequences(session, appends);
    for (const row of rows) {
      this.#known.read(row, sequences.get(row.id));
      documents.delete(row.id);
    }
    for (const id of documents) this.#known.forget(id);
  }

  /** Writes all or nothing; nothing when a document is not what the plan took it for, or has such an operation. */
  async #write(session: Session, { heads }: AppendPlan): Promise<"all" | "changed" | "taken"> {
    const [first, ...others] = portions(heads, this.#mostBytes);
    if (first === undefined) return "all";
    try {
      if (others.length === 0) await writePortion(session, first);
      else
        await session.transaction(async () => {
          for (const portion of [first, ...others]) await writePortion(session, portion);
        });
    } catch (error) {
      // Also where it is not known whether it was written.
      for (const { before } of heads) this.#known.forget(before.id);
      if (isTakenBack(error)) return "changed";
      if (isTaken(error)) return "taken";
      throw error;
    }
    for (const head of heads) this.#known.wrote(head);
    return "all";
  }
}

async function writePortion(session: Session, heads: readonly HeadChange[]): Promise<void> {
  await session.query(APPEND, [
    ...headColumns(heads),
    ...operationColumns(heads.flatMap(({ operations }) => operations)),
    ...clientColumns(heads.flatMap(({ before, clients }) => clientRows(before.id, clients))),
  ]);
}

/** Documents together, as long as their operations are not too large for one statement. */
function portions(heads: readonly HeadChange[], mostBytes: number): readonly (readonly HeadChange[])[] {
  const found: HeadChange[][] = [];
  let room = 0;
  for (const head of heads) {
    const size = head.operations.reduce((sum, { operation }) => sum + operation.length, 0);
    if (found.length === 0 || size > room) {
      found.push([]);
      room = mostBytes;
    }
    found.at(-1)?.push(head);
    room -= size;
  }
  return found;
}

/** The newest sequences of the clients that append, by document; 0 for one that never wrote. */
async function readSequences(
  session: Session,
  appends: readonly Append[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const sequences = new Map<string, Map<string, number>>();
  for (const { document, operations } of appends) {
    const clients = sequences.get(document) ?? new Map<string, number>();
    sequences.set(document, clients);
    for (const { client } of operations) clients.set(asUtf8(client), 0);
  }
  const asked = [...sequences].flatMap(([document, clients]) =>
    [...clients.keys()].map((client) => ({ document, client })),
  );
  for (const { document, client, sequence } of await clientPositions(session, asked)) {
    sequences.get(document)?.set(client, sequence);
  }
  return sequences;
}

function headColumns(heads: readonly HeadChange[]): readonly Value[] {
  const before = heads.map((head) => head.before);
  const after = heads.map((head) => head.after);
  return [
    textArray(before.map(({ id }) => id)),
    int8Array(before.map(({ epoch }) => epoch)),
    int8Array(before.map(({ version }) => version)),
    float8Array(before.map(({ updated_at }) => updated_at)),
    int8Array(before.map(({ row_checksum }) => row_checksum)),
    int8Array(after.map(({ version }) => version)),
    float8Array(after.map(({ updated_at }) => updated_at)),
    int8Array(after.map(({ row_checksum }) => row_checksum)),
  ];
}

function operationColumns(rows: readonly OperationRow[]): readonly Value[] {
  return [
    textArray(rows.map(({ document }) => document)),
    int8Array(rows.map(({ version }) => version)),
    textArray(rows.map(({ client }) => client)),
    int8Array(rows.map(({ sequence }) => sequence)),
    textArray(rows.map(({ user }) => user)),
    float8Array(rows.map(({ time }) => time)),
    int8Array(rows.map(({ checksum }) => checksum)),
    int8Array(rows.map(({ row_checksum }) => row_checksum)),
    byteaArray(rows.map(({ operation }) => operation)),
  ];
}
