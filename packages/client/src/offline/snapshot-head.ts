import { type DocumentDetails, detailsFromJson } from "./details.js";

/** How a snapshot starts: all of the replica but its text, and how many parts the text has. */
export interface SnapshotHead {
  readonly client: string;
  readonly version: number;
  /** Of the base content, as of the server. */
  readonly checksum: number;
  /** Entries of kind `content` that follow. */
  readonly parts: number;
  readonly sequence: number;
  readonly unsaved: number;
  readonly unsavedInFlight: number;
  readonly details: DocumentDetails;
}

const NUMBERS = ["version", "checksum", "parts", "sequence", "unsaved", "unsavedInFlight"] as const;

/** @returns undefined for what is none */
export function readSnapshotHead(value: unknown): SnapshotHead | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as { readonly [field: string]: unknown };
  const { kind, title, role, identicalInserts } = detailsFromJson(fields.details);
  if (typeof fields.client !== "string" || NUMBERS.some((name) => !isCount(fields[name]))) return undefined;
  if (kind === undefined || title === undefined || identicalInserts === undefined) return undefined;
  return { ...(fields as unknown as SnapshotHead), details: { kind, title, role, identicalInserts } };
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
