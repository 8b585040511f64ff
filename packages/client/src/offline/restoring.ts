import { Document, type Operation, OperationError } from "@tutti/ot";
import { Divergence } from "../document/divergence.js";
import type { Replica } from "../document/replica.js";
import type { DocumentDetails } from "./details.js";
import { decodeEntry, type JournalEntry } from "./journal-entry.js";
import type { JournalContent } from "./offline-store.js";
import { flushAgain } from "./replica-state.js";
import { splitEntries } from "./snapshot.js";
import type { SnapshotHead } from "./snapshot-head.js";

/**
 * What was found in a journal. "restored": the replica is what it was, at the latest when the last entry that can be read
 * was written; `cut`: what comes behind that one can't be read. "empty": nothing was ever stored. "unreadable": something
 * was, but not even the start of it can be read.
 */
export type Restoration =
  | { readonly kind: "restored"; readonly details: DocumentDetails; readonly cut: boolean }
  | { readonly kind: "empty" }
  | { readonly kind: "unreadable" };

/**
 * Brings a replica to where another one was when it wrote this: the snapshot, and then every step again.
 * @param replica a new one; unless "restored" it is left as it was
 */
export function restoreReplica(replica: Replica, { snapshot, entries }: JournalContent): Restoration {
  if (snapshot === undefined) return { kind: entries.length === 0 ? "empty" : "unreadable" };
  const source = decoded([...splitEntries(snapshot), ...entries]);
  const first = source.next();
  if (first.done || first.value.kind !== "start") return { kind: "unreadable" };
  const { head } = first.value;
  const base = readContent(source, head.parts);
  if (base === undefined || base.checksum !== head.checksum) return { kind: "unreadable" };
  return replay(replica, head, base, source);
}

/** Entries up to the first one that can't be read. @returns whether there was none such */
function* decoded(entries: readonly Uint8Array[]): Generator<JournalEntry, boolean, void> {
  for (const bytes of entries) {
    const entry = decodeEntry(bytes);
    if (entry === undefined) return false;
    yield entry;
  }
  return true;
}

function readContent(source: Iterator<JournalEntry, boolean>, parts: number): Document | undefined {
  const content: Operation[] = [];
  while (content.length < parts) {
    const next = source.next();
    if (next.done || next.value.kind !== "content") return undefined;
    content.push(next.value.operation);
  }
  return Document.fromOperation(content.flat());
}

function replay(
  replica: Replica,
  head: SnapshotHead,
  base: Document,
  source: Iterator<JournalEntry, boolean>,
): Restoration {
  const { details, ...numbers } = head;
  const { identicalInserts } = details;
  const { inFlight, buffer, next } = readPending(source);
  if (!fits(() => replica.restore({ ...numbers, base, identicalInserts, inFlight, buffer })))
    return { kind: "unreadable" };
  let known = details;
  for (let reached = next; ; reached = source.next()) {
    if (reached.done) return { kind: "restored", details: known, cut: !reached.value };
    const entry = reached.value;
    if (!fits(() => repeat(replica, entry))) return { kind: "restored", details: known, cut: true };
    if (entry.kind === "details") known = { ...known, ...entry.details };
  }
}

/** @returns what is pending, and what comes behind it */
function readPending(source: Iterator<JournalEntry, boolean>) {
  let inFlight: Operation | undefined;
  let buffer: Operation | undefined;
  for (let next = source.next(); ; next = source.next()) {
    if (!next.done && next.value.kind === "in_flight") inFlight = next.value.operation;
    else if (!next.done && next.value.kind === "buffer") buffer = next.value.operation;
    else return { inFlight, buffer, next };
  }
}

function repeat(replica: Replica, entry: JournalEntry): void {
  switch (entry.kind) {
    case "edit":
      replica.edit(entry.operation);
      break;
    case "flight":
      flushAgain(replica, entry.flight);
      break;
    case "commit":
      replica.commit(entry.change);
      break;
    case "details":
      replica.identicalInserts = entry.details.identicalInserts ?? replica.identicalInserts;
      break;
    default:
      throw new Divergence(`${entry.kind}: a part of a snapshot among the steps`);
  }
}

function fits(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Divergence || error instanceof OperationError) return false;
    throw error;
  }
}
