import { Document, type Operation } from "@tutti/ot";
import type { Append, DocumentRecord, NewOperation, WholeSnapshot } from "../../src/storage/store.js";

export function record(id: string, change: Partial<DocumentRecord> = {}): DocumentRecord {
  const settings = { kind: "rich", identicalInserts: "merge" } as const;
  return { id, title: "Notes", ...settings, createdBy: "ada", createdAt: 1000, updatedAt: 1000, ...change };
}

/** Operation `version` of a document that grows by one letter each; sequence = version unless changed. */
export function typed(version: number, change: Partial<NewOperation> = {}): NewOperation {
  const letter = "abcdefghij"[version % 10] ?? "a";
  const operation: Operation = version === 1 ? [{ insert: letter }] : [{ retain: version - 1 }, { insert: letter }];
  const checksum = contentAt(version).checksum;
  return {
    version,
    client: "tab-1",
    sequence: version,
    user: "ada",
    time: 2000 + version,
    checksum,
    operation,
    ...change,
  };
}

/** What `typed` 1 … version make. */
export function contentAt(version: number): Document {
  const letters = Array.from({ length: version }, (_, index) => "abcdefghij"[(index + 1) % 10] ?? "a");
  return version === 0 ? Document.empty : Document.fromOperation([{ insert: letters.join("") }]);
}

export function snapshotAt(version: number): WholeSnapshot {
  const document = contentAt(version);
  return { version, checksum: document.checksum, time: 3000 + version, content: document.toDelta() };
}

/** An append of `typed` from … to. */
export function typing(document: string, epoch: number, from: number, to = from): Append {
  const operations = Array.from({ length: to - from + 1 }, (_, index) => typed(from + index));
  return { document, epoch, operations };
}
