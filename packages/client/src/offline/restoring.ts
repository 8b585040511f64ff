import { compose, Document, equalOperations, invert, isNoop, type Operation, OperationError } from "@tutti/ot";
import { Divergence } from "../document/divergence.js";
import type { Flight, Replica } from "../document/replica.js";
import { splitOperation } from "../document/splitting.js";
import type { DocumentDetails } from "./details.js";
import { decodeEntry, type JournalEntry } from "./journal-entry.js";
import type { JournalContent } from "./offline-store.js";
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
      putInFlight(replica, entry.flight);
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

/**
 * What was in flight is so again: this very operation, because the server may have it, whatever the code of today would
 * make of the buffer.
 * @throws Divergence when nothing was buffered
 */
export function putInFlight(replica: Replica, { sequence, budget, operation }: Flight): void {
  const { state } = replica;
  const { inFlight, buffer, unsaved, unsavedInFlight } = state;
  if (inFlight !== undefined || buffer === undefined || sequence <= state.sequence) {
    throw new Divergence(`sequence ${sequence} was in flight, after ${state.sequence}`);
  }
  const [first, rest] = splitOperation(buffer, budget);
  const left = equalOperations(first, operation) ? rest : remainder(operation, buffer, state.base);
  const saves = left === undefined ? unsaved : unsavedInFlight;
  replica.restore({ ...state, sequence, inFlight: operation, buffer: left, unsavedInFlight: saves });
}

/** What is left to do behind `first`, so that both have the effect of `whole`; undefined: nothing. */
function remainder(first: Operation, whole: Operation, base: Document): Operation | undefined {
  const rest = compose(invert(first, base), whole);
  return isNoop(rest) ? undefined : rest;
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
