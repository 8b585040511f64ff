import { createHash } from "node:crypto";
import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type KeepOptions, keepOffline } from "../keep-offline.js";
import type { Offline } from "../offline.js";
import { type Journal, type JournalContent, type OfflineStore, OfflineStoreError } from "../offline-store.js";
import { codeOf, mapped } from "./file-errors.js";
import { FolderJournal, peekFile, readHead } from "./folder-journal.js";
import { ProcessLock } from "./process-lock.js";

export type FolderStoreOptions = KeepOptions;

/**
 * Keeps documents in a folder of this machine, for programs on Node. Any number of processes may share it; what one of
 * them leaves behind, however it ends, the next one brings to the server. One folder belongs to one person on one server.
 *
 * @param path made when it is needed
 */
export function folderStore(path: string, options?: FolderStoreOptions): Offline {
  return keepOffline(new FolderStore(path), options);
}

const SUFFIX = ".journal";

/** A folder for each document, in it a file and its lock for each journal. Names are hashes: any id may be any text. */
export class FolderStore implements OfflineStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  claim(document: string): Promise<Journal | undefined> {
    return mapped(async () => {
      for (const file of await newestFirst(this.#folderOf(document))) {
        const journal = await claimFile(file);
        if (journal !== undefined) return journal;
      }
      return undefined;
    });
  }

  peek(document: string): Promise<JournalContent | undefined> {
    return mapped(async () => {
      for (const file of await newestFirst(this.#folderOf(document))) {
        const content = await peekFile(file);
        if (content?.snapshot !== undefined) return content;
      }
      return undefined;
    });
  }

  create(document: string, client: string): Promise<Journal> {
    return mapped(async () => {
      const file = join(this.#folderOf(document), `${hashOf(client)}${SUFFIX}`);
      await mkdir(dirname(file), { recursive: true });
      const lock = await ProcessLock.take(file);
      if (lock === undefined) throw new OfflineStoreError("failed", `another process writes as ${client}`);
      return FolderJournal.create(file, lock, { document, client });
    });
  }

  documents(): Promise<readonly string[]> {
    return mapped(async () => {
      const found: { readonly document: string; readonly time: number }[] = [];
      for (const folder of await list(this.#path)) {
        const [newest] = await newestFirst(join(this.#path, folder));
        if (newest === undefined) continue;
        const head = await readHead(newest).catch(() => undefined);
        if (head !== undefined) found.push({ document: head.document, time: await timeOf(newest) });
      }
      return found.sort((a, b) => b.time - a.time).map(({ document }) => document);
    });
  }

  #folderOf(document: string): string {
    return join(this.#path, hashOf(document));
  }
}

/** @returns undefined when another process holds it, has deleted it, or it is not known whose it is: it stays then */
async function claimFile(file: string): Promise<Journal | undefined> {
  const lock = await ProcessLock.take(file);
  if (lock === undefined) return undefined;
  try {
    return await FolderJournal.open(file, lock);
  } catch (error) {
    if (codeOf(error) === "ENOENT") await lock.remove();
    else lock.release();
    if (codeOf(error) === "ENOENT" || (error instanceof OfflineStoreError && error.code === "damaged"))
      return undefined;
    throw error;
  }
}

async function newestFirst(folder: string): Promise<readonly string[]> {
  const files = (await list(folder)).filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name));
  const times = new Map<string, number>();
  for (const file of files) times.set(file, await timeOf(file));
  return files.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
}

/** Names in a folder; none where there is no folder. */
async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** When it was last written to, in milliseconds; 0 when it is gone by now. */
async function timeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0;
  }
}

const hashOf = (id: string): string => createHash("sha256").update(id).digest("hex").slice(0, 32);
