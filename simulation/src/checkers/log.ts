import { Document, isInsert } from "@tutti/ot";
import { type StoredOperation, StoreError } from "@tutti/server";
import type { MemoryDisk } from "@tutti/testkit";
import { isMark } from "../world/ledger.js";
import type { Violation } from "../world/violation.js";

/** A document as its log alone tells it. */
export interface ReplayedLog {
  readonly document: string;
  readonly version: number;
  readonly content: Document;
  /** The first version that inserted each unique character. */
  readonly insertedAt: ReadonlyMap<string, number>;
  /** Unique characters that were inserted again: by somebody who brought back what another one had deleted. */
  readonly restored: ReadonlySet<string>;
  readonly operations: readonly StoredOperation[];
  readonly violations: readonly Violation[];
}

/**
 * Replays the log of one document from nothing, without the server's code: versions are 1 … n without gap (S1), every
 * stored checksum is that of the replayed content (E9), each client's sequences are 1, 2, 3 … once each (S2).
 */
export function replayLog(disk: MemoryDisk, document: string): ReplayedLog {
  const violations: Violation[] = [];
  const insertedAt = new Map<string, number>();
  const restored = new Set<string>();
  const sequences = new Map<string, number>();
  let content = Document.empty;
  const log = readLog(disk, document, violations);
  log.forEach((stored, index) => {
    const found = (promise: string, message: string): void => {
      violations.push({ promise, message: `${document} v${stored.version}: ${message}` });
    };
    if (stored.version !== index + 1) found("log", `stands at place ${index + 1}`);
    content = content.apply(stored.operation);
    if (content.checksum !== stored.checksum) found("log", "the stored checksum is not that of the content");
    const expected = (sequences.get(stored.client) ?? 0) + 1;
    if (stored.sequence !== expected) found("once", `${stored.client} wrote ${stored.sequence}, not ${expected}`);
    sequences.set(stored.client, stored.sequence);
    for (const mark of marksOf(stored)) {
      if (!insertedAt.has(mark)) insertedAt.set(mark, stored.version);
      else restored.add(mark);
    }
  });
  return { document, version: log.length, content, insertedAt, restored, operations: log, violations };
}

function readLog(disk: MemoryDisk, document: string, violations: Violation[]): readonly StoredOperation[] {
  try {
    return disk.operations(document, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    violations.push({ promise: "log", message: error.message });
    return [];
  }
}

function marksOf({ operation }: StoredOperation): readonly string[] {
  const texts = operation.filter(isInsert).map((part) => (typeof part.insert === "string" ? part.insert : ""));
  return [...texts.join("")].filter(isMark);
}
