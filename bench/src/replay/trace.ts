import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** At a position (in code points) remove so many code points, then insert the text. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** A recorded editing session: what one person did, one transaction after the other. */
export interface Trace {
  readonly startContent: string;
  readonly endContent: string;
  readonly transactions: readonly (readonly Patch[])[];
}

/** A recording that this tool can't replay; the text says why, and what to do instead. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** @throws TraceError when the file is missing, broken, or a concurrent recording */
export async function readTrace(file: string): Promise<Trace> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new TraceError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseTrace(bytes);
}

/**
 * @param bytes JSON, gzipped or not
 * @throws TraceError
 */
export function parseTrace(bytes: Uint8Array): Trace {
  const json = decode(bytes);
  if (!isObject(json)) throw new TraceError("a recording is a JSON object");
  if (json["kind"] === "concurrent") {
    throw new TraceError(
      "this is a concurrent recording: each edit was made against a stated set of earlier ones, which real sockets can't " +
        "promise. Replay it in the simulator: node simulation/dist/replay/main.js --trace FILE",
    );
  }
  const { startContent, endContent, txns } = json;
  if (typeof startContent !== "string" || typeof endContent !== "string" || !Array.isArray(txns)) {
    throw new TraceError("a sequential recording has startContent, endContent and txns");
  }
  return { startContent, endContent, transactions: txns.map(patchesOf) };
}

function decode(bytes: Uint8Array): unknown {
  try {
    const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return JSON.parse((gzipped ? gunzipSync(bytes) : Buffer.from(bytes)).toString("utf8"));
  } catch (error) {
    throw new TraceError(`neither JSON nor gzipped JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function patchesOf(transaction: unknown, index: number): readonly Patch[] {
  const patches: unknown = isObject(transaction) ? transaction["patches"] : undefined;
  if (Array.isArray(patches) && patches.every(isPatch)) return patches;
  throw new TraceError(`transaction ${index}: expected patches of [position, deleted, inserted]`);
}

function isPatch(value: unknown): value is Patch {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [position, deleted, inserted] = value as readonly unknown[];
  return isCount(position) && isCount(deleted) && typeof inserted === "string";
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
