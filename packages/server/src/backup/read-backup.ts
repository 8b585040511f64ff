import { Document } from "@tutti/ot";
import {
  type AuditEntry,
  type DocumentRecord,
  type NamedVersion,
  type NewOperation,
  type StoredOperation,
  StoreError,
} from "../storage/store.js";
import { type BackupLine, BackupSums, readLine } from "./backup-format.js";

/** Who is given what a backup holds, in its order. */
export interface BackupReader {
  document(record: DocumentRecord): Promise<void>;
  /** Some operations of the newest document, in order. */
  operations(id: string, operations: readonly NewOperation[]): Promise<void>;
  name(id: string, named: NamedVersion): Promise<void>;
  role(id: string, user: string, role: string): Promise<void>;
  /** The document is complete, and was replayed. */
  end(record: DocumentRecord, version: number, content: Document): Promise<void>;
  audit(entry: AuditEntry): Promise<void>;
}

export interface BackupSummary {
  /** When it was made, in milliseconds since 1970. */
  readonly time: number;
  readonly documents: number;
  readonly operations: number;
}

const HANDED_ON_AT_ONCE = 500;

/**
 * Reads a backup from its first line to its last. Every document is replayed and every checksum compared, so that what is
 * handed on is what was written.
 *
 * @throws StoreError `damaged`, `unsupported_version`; whatever `reader` throws
 */
export async function readBackup(
  lines: AsyncIterable<string>,
  reader: BackupReader,
  progress: (documents: number, operations: number) => void = () => {},
): Promise<BackupSummary> {
  const sums = new BackupSums();
  let time: number | undefined;
  let open: OpenDocument | undefined;
  let complete = false;
  for await (const text of lines) {
    const line = readLine(text);
    if ((time === undefined) !== (line.kind === "head") || complete) throw damaged("its lines are not in order");
    if (line.kind === "head") time = line.time;
    else if (line.kind === "document") open = await begin(line, open, reader);
    else if (line.kind === "operation") await opened(open).take(line.stored);
    else if (line.kind === "name") await reader.name(opened(open).record.id, line.named);
    else if (line.kind === "role") await reader.role(opened(open).record.id, line.user, line.role);
    else if (line.kind === "audit") await reader.audit(line.entry);
    else if (line.kind === "end") open = await finish(line, open, sums);
    else complete = isComplete(line, open, sums);
    sums.add(text, line.kind);
    progress(sums.documents, sums.operations);
  }
  if (!complete || time === undefined) throw damaged("it ends too early");
  return { time, documents: sums.documents, operations: sums.operations };
}

type Line<K extends BackupLine["kind"]> = Extract<BackupLine, { readonly kind: K }>;

async function begin(line: Line<"document">, open: OpenDocument | undefined, reader: BackupReader) {
  if (open !== undefined) throw damaged(`document ${open.record.id} has no end`);
  await reader.document(line.record);
  return new OpenDocument(line.record, line.version, reader);
}

async function finish(line: Line<"end">, open: OpenDocument | undefined, sums: BackupSums): Promise<undefined> {
  await opened(open).finish();
  if (!same(line, sums.end(line.id))) throw damaged(`document ${line.id} is not as it was written`);
}

function isComplete(line: Line<"complete">, open: OpenDocument | undefined, sums: BackupSums): boolean {
  if (open === undefined && same(line, sums.complete())) return true;
  throw damaged("it is not as it was written");
}

/** One document while it is read. */
class OpenDocument {
  readonly record: DocumentRecord;
  readonly #version: number;
  readonly #reader: BackupReader;
  #content = Document.empty;
  #reached = 0;
  #batch: NewOperation[] = [];

  constructor(record: DocumentRecord, version: number, reader: BackupReader) {
    this.record = record;
    this.#version = version;
    this.#reader = reader;
  }

  async take(stored: StoredOperation): Promise<void> {
    const what = `version ${stored.version} of document ${this.record.id}`;
    if (stored.version !== this.#reached + 1) throw damaged(`${what} follows ${this.#reached}`);
    this.#content = apply(this.#content, stored, what);
    const { checksum } = this.#content;
    const mustHave = stored.version === this.#version;
    if (stored.checksum !== checksum && (mustHave || stored.checksum !== undefined)) {
      throw damaged(`${what} does not have its checksum`);
    }
    this.#reached = stored.version;
    this.#batch.push({ ...stored, checksum });
    if (this.#batch.length >= HANDED_ON_AT_ONCE) await this.#handOn();
  }

  async finish(): Promise<void> {
    if (this.#reached !== this.#version) throw damaged(`document ${this.record.id} ends at version ${this.#reached}`);
    await this.#handOn();
    await this.#reader.end(this.record, this.#version, this.#content);
  }

  async #handOn(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) await this.#reader.operations(this.record.id, batch);
  }
}

function opened(open: OpenDocument | undefined): OpenDocument {
  if (open === undefined) throw damaged("its lines are not in order");
  return open;
}

function apply(content: Document, stored: StoredOperation, what: string): Document {
  try {
    return content.apply(stored.operation);
  } catch (error) {
    throw damaged(`${what} does not fit: ${error instanceof Error ? error.message : error}`);
  }
}

const same = (a: object, b: object): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

const damaged = (why: string): StoreError => new StoreError("damaged", `the backup is damaged: ${why}`);
