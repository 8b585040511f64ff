import { S3mini } from "s3mini";
import type { Archive } from "./archive.js";
import { StoreError } from "./store.js";

export interface S3ArchiveSettings {
  /** URL of the bucket, for example "https://archive.s3.eu-central-1.amazonaws.com" or "http://localhost:9000/archive". */
  readonly endpoint: string;
  /** "auto" when left out. */
  readonly region?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Milliseconds that one request may take; 30,000 when left out. */
  readonly timeout?: number | undefined;
}

const TIMEOUT = 30_000;
const TYPE = "application/octet-stream";

/** An archive in a bucket of S3, or of anything that speaks its protocol: one object per segment (D5). */
export class S3Archive implements Archive {
  readonly #bucket: S3mini;

  /** @throws StoreError `archive_unavailable` for settings that no bucket can have */
  constructor({ endpoint, region, accessKeyId, secretAccessKey, timeout = TIMEOUT }: S3ArchiveSettings) {
    try {
      this.#bucket = new S3mini({
        endpoint,
        accessKeyId,
        secretAccessKey,
        requestAbortTimeout: timeout,
        ...(region === undefined ? undefined : { region }),
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await attempt(() => this.#bucket.putObject(key, bytes, TYPE));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const bytes = await attempt(() => this.#bucket.getObjectArrayBuffer(key));
    return bytes === null ? undefined : new Uint8Array(bytes);
  }

  /** S3 says yes to what is not there, too. */
  async delete(key: string): Promise<void> {
    await attempt(() => this.#bucket.deleteObject(key));
  }
}

async function attempt<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw unavailable(error);
  }
}

const unavailable = (error: unknown): StoreError =>
  new StoreError("archive_unavailable", `the archive: ${explain(error)}`);

/** `fetch` says only that it failed; why is in the cause. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${explain(error.cause)}` : error.message;
}
