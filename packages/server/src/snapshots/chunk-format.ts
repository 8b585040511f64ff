import { type Attributes, type Embed, runsOfSection, type Section, type SectionRun, sectionOf } from "@tutti/ot";
import { StoreError } from "../storage/store.js";

/**
 * A chunk is a section of a document as UTF-8 JSON (S4): `[format, attributes, runs]`. A run is a text, or a pair of its
 * content (text or embed) and the index of its attributes, -1 for none. The borders between runs are kept as they are in
 * memory, so that a section that was loaded is stored under the same name again.
 *
 * A released format is never changed, only followed by another number; all of them are read for ever (D3).
 */
const FORMAT = 1;
const NO_ATTRIBUTES = -1;

type StoredRun = string | readonly [string | Embed, number];

export function encodeChunk(section: Section): Uint8Array {
  const attributes: Attributes[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (value: Attributes | undefined): number => {
    if (value === undefined) return NO_ATTRIBUTES;
    const key = JSON.stringify(value);
    const index = indexes.get(key) ?? attributes.push(value) - 1;
    indexes.set(key, index);
    return index;
  };
  const runs = runsOfSection(section).map((run): StoredRun => {
    return typeof run.content === "string" && run.attributes === undefined
      ? run.content
      : [run.content, indexOf(run.attributes)];
  });
  return Buffer.from(JSON.stringify([FORMAT, attributes, runs]));
}

/**
 * @param bytes as `encodeChunk` made them: a store has compared checksum and name
 * @throws StoreError `damaged` for anything else; `unsupported_version` for a newer format
 */
export function decodeChunk(bytes: Uint8Array, what: string): Section {
  const [format, attributes, runs] = parse(bytes, what);
  if (format !== FORMAT) {
    throw new StoreError("unsupported_version", `${what} has format ${String(format)}, this release reads ${FORMAT}`);
  }
  try {
    return sectionOf(runs.map((run) => toRun(run, attributes)));
  } catch {
    throw damaged(what);
  }
}

function toRun(run: StoredRun, attributes: readonly Attributes[]): SectionRun {
  if (typeof run === "string") return { content: run, attributes: undefined };
  const [content, index] = run;
  const isContent = typeof content === "string" || (typeof content === "object" && content !== null);
  if (!isContent || (index !== NO_ATTRIBUTES && attributes[index] === undefined)) throw new RangeError("no such run");
  return { content, attributes: attributes[index] };
}

function parse(bytes: Uint8Array, what: string): readonly [unknown, readonly Attributes[], readonly StoredRun[]] {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed as unknown as [unknown, Attributes[], StoredRun[]];
  } catch {
    // Falls through: no JSON is no chunk either.
  }
  throw damaged(what);
}

const damaged = (what: string): StoreError => new StoreError("damaged", `${what} is no chunk of a snapshot`);
