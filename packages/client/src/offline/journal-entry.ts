import { ByteReader, ByteWriter, decodeOperation, encodeOperation, encodeUtf8, type Operation } from "@tutti/ot";
import type { Commit, Flight } from "../document/replica.js";
import { type DocumentDetails, detailsFromJson } from "./details.js";
import { sealed, unsealed } from "./sealed.js";
import { readSnapshotHead, type SnapshotHead } from "./snapshot-head.js";

/**
 * What happened to a replica, one step each; docs/offline.md has the bytes. A snapshot consists of entries as well:
 * `start`, then the base content as `content`, then what is pending, then steps like everywhere.
 */
export type JournalEntry =
  | { readonly kind: "edit"; readonly operation: Operation }
  | { readonly kind: "flight"; readonly flight: Flight }
  | { readonly kind: "commit"; readonly change: Commit }
  | { readonly kind: "details"; readonly details: Partial<DocumentDetails> }
  | { readonly kind: "start"; readonly head: SnapshotHead }
  | { readonly kind: "content"; readonly operation: Operation }
  | { readonly kind: "in_flight"; readonly operation: Operation }
  | { readonly kind: "buffer"; readonly operation: Operation };

const KINDS = ["edit", "flight", "commit", "details", "start", "content", "in_flight", "buffer"] as const;

/** The bytes of an entry, sealed. */
export function encodeEntry(entry: JournalEntry): Uint8Array {
  const out = new ByteWriter();
  out.byte(KINDS.indexOf(entry.kind));
  writeBody(entry, out);
  return sealed(out.finish());
}

/** @returns undefined for what is damaged, cut short, or of a kind that is not known here */
export function decodeEntry(bytes: Uint8Array): JournalEntry | undefined {
  const payload = unsealed(bytes);
  if (payload === undefined) return undefined;
  try {
    const input = new ByteReader(payload);
    const kind = KINDS[input.byte()];
    return kind === undefined ? undefined : readBody(kind, input);
  } catch {
    // What the checksum holds for right was written by another version of this library.
    return undefined;
  }
}

function writeBody(entry: JournalEntry, out: ByteWriter): void {
  switch (entry.kind) {
    case "flight":
      out.varint(entry.flight.sequence);
      // 0 stands for no limit.
      out.varint(Number.isFinite(entry.flight.budget) ? entry.flight.budget : 0);
      out.bytes(encodeOperation(entry.flight.operation));
      break;
    case "commit":
      writeCommit(entry.change, out);
      break;
    case "details":
      writeJson(entry.details, out);
      break;
    case "start":
      writeJson(entry.head, out);
      break;
    case "content":
      // Far larger than all others: the platform's own JSON and UTF-8 are the fastest there are.
      writeJson(entry.operation, out);
      break;
    default:
      out.bytes(encodeOperation(entry.operation));
  }
}

function readBody(kind: JournalEntry["kind"], input: ByteReader): JournalEntry | undefined {
  switch (kind) {
    case "flight": {
      const [sequence, budget] = [input.varint(), input.varint()];
      const operation = decodeOperation(input.rest());
      return { kind, flight: { sequence, budget: budget === 0 ? Number.POSITIVE_INFINITY : budget, operation } };
    }
    case "commit":
      return { kind, change: readCommit(input) };
    case "details":
      return { kind, details: detailsFromJson(readJson(input)) };
    case "start": {
      const head = readSnapshotHead(readJson(input));
      return head && { kind, head };
    }
    case "content":
      return { kind, operation: readJson(input) as Operation };
    default:
      return { kind, operation: decodeOperation(input.rest()) };
  }
}

/** Checksum plus one, 0 where there is none; the operation where there is one. */
function writeCommit({ client, sequence, versions = 1, checksum, operation }: Commit, out: ByteWriter): void {
  const name = encodeUtf8(client);
  out.varint(name.length);
  out.bytes(name);
  out.varint(sequence);
  out.varint(versions);
  out.varint(checksum === undefined ? 0 : checksum + 1);
  if (operation !== undefined) out.bytes(encodeOperation(operation));
}

function readCommit(input: ByteReader): Commit {
  const client = input.utf8(input.varint());
  const [sequence, versions, checksum] = [input.varint(), input.varint(), input.varint()];
  const told = { client, sequence, versions, checksum: checksum === 0 ? undefined : checksum - 1 };
  return input.done ? told : { ...told, operation: decodeOperation(input.rest()) };
}

function writeJson(value: unknown, out: ByteWriter): void {
  out.bytes(new TextEncoder().encode(JSON.stringify(value)));
}

const readJson = (input: ByteReader): unknown =>
  JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(input.rest()));
