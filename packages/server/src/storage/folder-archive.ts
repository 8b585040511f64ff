import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Archive } from "./archive.js";
import { StoreError } from "./store.js";

/** An archive in a folder, which may well be on another disk: one folder per document, one file per segment. */
export class FolderArchive implements Archive {
  readonly #folder: string;

  /** @param folder made when it is missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Under another name first, so that a file is whole or not there. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await passing(async () => {
      const file = this.#fileOf(key);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const unfinished = `${file}.unfinished`;
      const handle = await open(unfinished, "w", 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
      await syncFolder(dirname(file));
      await syncFolder(this.#folder);
    });
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return passing(async () => {
      try {
        return await readFile(this.#fileOf(key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<void> {
    await passing(() => rm(this.#fileOf(key), { force: true }));
  }

  #fileOf(key: string): string {
    return join(this.#folder, ...key.split("/"));
  }
}

/** A file that was renamed is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function passing<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new StoreError(
      "archive_unavailable",
      `the archive: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
