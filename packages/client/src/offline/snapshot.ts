import { ByteReader, ByteWriter, type Document, type Operation, OperationBuilder } from "@tutti/ot";
import type { ReplicaState } from "../document/replica.js";
import type { DocumentDetails } from "./details.js";
import { encodeEntry } from "./journal-entry.js";

/** Units of content in one entry of a snapshot, about: what is encoded in less than a millisecond. */
const PART = 65_536;

/**
 * A snapshot, made step by step: after each step the caller may let others work. A state never changes, so a person may
 * go on typing meanwhile.
 * @returns entries, as of `encodeEntry`, to which steps since may be added
 */
export function* snapshotEntries(state: ReplicaState, details: DocumentDetails): Generator<void, Uint8Array[], void> {
  const content: Uint8Array[] = [];
  for (const operation of partsOf(state.base)) {
    content.push(encodeEntry({ kind: "content", operation }));
    yield;
  }
  const { client, version, sequence, unsaved, unsavedInFlight, inFlight, buffer, identicalInserts } = state;
  const head = {
    ...{ client, version, checksum: state.base.checksum, parts: content.length, sequence, unsaved, unsavedInFlight },
    details: { ...details, identicalInserts },
  };
  const pending: Uint8Array[] = [];
  if (inFlight !== undefined) pending.push(encodeEntry({ kind: "in_flight", operation: inFlight }));
  if (buffer !== undefined) pending.push(encodeEntry({ kind: "buffer", operation: buffer }));
  return [encodeEntry({ kind: "start", head }), ...content, ...pending];
}

/** Many entries as one run of bytes: the length of each (a varint), and it. */
export function joinEntries(entries: readonly Uint8Array[]): Uint8Array {
  const lengths = entries.map((entry) => {
    const out = new ByteWriter();
    out.varint(entry.length);
    return out.finish();
  });
  const joined = new Uint8Array([...entries, ...lengths].reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    const length = lengths[index] as Uint8Array;
    joined.set(length, at);
    joined.set(entry, at + length.length);
    at += length.length + entry.length;
  }
  return joined;
}

/** The entries of `joinEntries`, not copied; those in front of the damage, where the bytes end too early. */
export function splitEntries(joined: Uint8Array): readonly Uint8Array[] {
  const input = new ByteReader(joined);
  const entries: Uint8Array[] = [];
  try {
    while (!input.done) entries.push(input.bytes(input.varint()));
  } catch {
    // An empty entry stands for what is missing: nobody can read it.
    entries.push(new Uint8Array());
  }
  return entries;
}

/** The content of a document in parts of about `PART` units; an empty document has none. */
function* partsOf(document: Document): Generator<Operation, void, void> {
  let part = new OperationBuilder();
  let length = 0;
  for (const { content, attributes } of document.runs()) {
    part.insert(content, attributes);
    length += typeof content === "string" ? content.length : 1;
    if (length < PART) continue;
    yield part.build();
    part = new OperationBuilder();
    length = 0;
  }
  if (length > 0) yield part.build();
}
