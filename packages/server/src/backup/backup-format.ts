import { crc32 } from "node:zlib";
import type { Operation } from "@tutti/ot";
import {
  type AuditEntry,
  type DocumentRecord,
  type NamedVersion,
  type StoredOperation,
  StoreError,
} from "../storage/store.js";

/*
 * A backup is a gzip file with one JSON list per line, so that `zcat` shows it and every language reads it:
 *
 *     ["tutti-backup", 1, time]
 *     ["document", record, version]
 *     ["operation", version, client, sequence, user, time, checksum, operation]       version 1, 2, 3 … of this document
 *     ["name", name, version, by, time]                                               a version with a name
 *     ["role", user, role]                                                            what somebody may do
 *     ["end", id, operations, crc]                                                    crc of the lines of this document
 *     ["audit", entry]                                                                after all documents; the oldest first
 *     ["complete", documents, operations, crc]                                        crc of all lines before
 *
 * Times are milliseconds since 1970. A checksum is null where the store doesn't keep it; the newest one is always there.
 * Snapshots are left out: they follow from the operations. A file without its last line was cut short.
 */

export const BACKUP_FORMAT = 1;

export type BackupLine =
  | { readonly kind: "head"; readonly time: number }
  | { readonly kind: "document"; readonly record: DocumentRecord; readonly version: number }
  | { readonly kind: "operation"; readonly stored: StoredOperation }
  | { readonly kind: "name"; readonly named: NamedVersion }
  | { readonly kind: "role"; readonly user: string; readonly role: string }
  | { readonly kind: "audit"; readonly entry: AuditEntry }
  | { readonly kind: "end"; readonly id: string; readonly operations: number; readonly crc: number }
  | { readonly kind: "complete"; readonly documents: number; readonly operations: number; readonly crc: number };

/** Counts and checks lines as they go by; writer and reader use the same. */
export class BackupSums {
  documents = 0;
  operations = 0;
  /** Of all lines so far, each with its line end. */
  crc = 0;
  #documentOperations = 0;
  #documentCrc = 0;

  /** To be told of every line, after `end` and `complete` were made or compared. */
  add(line: string, kind: BackupLine["kind"]): void {
    this.crc = crc32(`${line}\n`, this.crc);
    if (kind === "document") {
      this.documents += 1;
      this.#documentOperations = 0;
      this.#documentCrc = 0;
    }
    if (kind === "operation") {
      this.operations += 1;
      this.#documentOperations += 1;
    }
    this.#documentCrc = crc32(`${line}\n`, this.#documentCrc);
  }

  end(id: string): BackupLine {
    return { kind: "end", id, operations: this.#documentOperations, crc: this.#documentCrc };
  }

  complete(): BackupLine {
    return { kind: "complete", documents: this.documents, operations: this.operations, crc: this.crc };
  }
}

export function writeLine(line: BackupLine): string {
  return JSON.stringify(toValues(line));
}

function toValues(line: BackupLine): readonly unknown[] {
  switch (line.kind) {
    case "head":
      return ["tutti-backup", BACKUP_FORMAT, line.time];
    case "document":
      return ["document", line.record, line.version];
    case "operation": {
      const { version, client, sequence, user, time, checksum, operation } = line.stored;
      return ["operation", version, client, sequence, user, time, checksum, operation];
    }
    case "name": {
      const { name, version, by, time } = line.named;
      return ["name", name, version, by, time];
    }
    case "role":
      return ["role", line.user, line.role];
    case "audit":
      return ["audit", line.entry];
    case "end":
      return ["end", line.id, line.operations, line.crc];
    case "complete":
      return ["complete", line.documents, line.operations, line.crc];
  }
}

/** @throws StoreError `damaged`; `unsupported_version` for a format of a newer release */
export function readLine(text: string): BackupLine {
  const [kind, ...values] = parseList(text);
  switch (kind) {
    case "tutti-backup":
      if (values[0] !== BACKUP_FORMAT) throw unsupported(values[0]);
      return { kind: "head", time: Number(values[1]) };
    case "document":
      return { kind, record: values[0] as DocumentRecord, version: Number(values[1]) };
    case "operation":
      return { kind, stored: toOperation(values) };
    case "name":
      return { kind, named: toNamed(values) };
    case "role":
      return { kind, user: String(values[0]), role: String(values[1]) };
    case "audit":
      return { kind, entry: values[0] as AuditEntry };
    case "end":
      return { kind, id: String(values[0]), operations: Number(values[1]), crc: Number(values[2]) };
    case "complete":
      return { kind, documents: Number(values[0]), operations: Number(values[1]), crc: Number(values[2]) };
    default:
      throw new StoreError("damaged", `the backup has a line of an unknown kind: ${text.slice(0, 60)}`);
  }
}

function toOperation([
  version,
  client,
  sequence,
  user,
  time,
  checksum,
  operation,
]: readonly unknown[]): StoredOperation {
  const numbers = { version: Number(version), sequence: Number(sequence), time: Number(time) };
  const texts = { client: String(client), user: String(user) };
  const known = typeof checksum === "number" ? { checksum } : {};
  return { ...numbers, ...texts, ...known, operation: operation as Operation };
}

function toNamed([name, version, by, time]: readonly unknown[]): NamedVersion {
  return { name: String(name), version: Number(version), by: String(by), time: Number(time) };
}

function parseList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // What isn't JSON is as wrong as what isn't a list.
  }
  throw new StoreError("damaged", `the backup has a line that is none: ${text.slice(0, 60)}`);
}

const unsupported = (format: unknown): StoreError =>
  new StoreError("unsupported_version", `this is no backup of format ${BACKUP_FORMAT} but ${JSON.stringify(format)}`);
