import { type FileHandle, open, readFile, rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type Journal, type JournalContent, OfflineStoreError } from "../offline-store.js";
import { joinEntries, splitEntries } from "../snapshot.js";
import { replaceFile, syncFolder } from "./durable-files.js";
import { codeOf, mapped } from "./file-errors.js";
import { type Frame, frameOf, type ReadFrames, readFrames } from "./frames.js";
import type { ProcessLock } from "./process-lock.js";

/** Whose journal it is. */
export interface JournalHead {
  readonly document: string;
  readonly client: string;
}

const FORMAT = 1;

/** One append-only file: an append is durable after one fsync, a snapshot takes the place of the file at once. */
export class FolderJournal implements Journal {
  readonly document: string;
  readonly client: string;
  readonly #file: string;
  readonly #lock: ProcessLock;
  #handle: FileHandle;
  /** Where the next frame goes; undefined: the file was not read yet. */
  #end: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, lock: ProcessLock, handle: FileHandle, head: JournalHead, end?: number) {
    this.#file = file;
    this.#lock = lock;
    this.#handle = handle;
    this.#end = end;
    this.document = head.document;
    this.client = head.client;
  }

  /** A new one. @param lock of the file, held */
  static async create(file: string, lock: ProcessLock, head: JournalHead): Promise<FolderJournal> {
    const frame = headFrame(head);
    return new FolderJournal(file, lock, await replaceFile(file, [frame]), head, frame.length);
  }

  /** One that is there. @param lock of the file, held @throws OfflineStoreError "damaged" when it is not known whose it is */
  static async open(file: string, lock: ProcessLock): Promise<FolderJournal> {
    const head = await readHead(file);
    return new FolderJournal(file, lock, await open(file, "r+"), head);
  }

  read(): Promise<JournalContent> {
    return this.#inTurn(async () => {
      const bytes = await readAll(this.#handle);
      const read = readFrames(bytes);
      if (read.end < bytes.length) await this.#handle.truncate(read.end);
      this.#end = read.end;
      return contentOf(read);
    });
  }

  append(entries: readonly Uint8Array[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#end === undefined) throw new OfflineStoreError("failed", "a journal is read before it is written to");
      const frame = frameOf("batch", joinEntries(entries));
      await this.#handle.write(frame, 0, frame.length, this.#end);
      await this.#handle.datasync();
      this.#end += frame.length;
    });
  }

  compact(snapshot: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const frames = [headFrame(this), frameOf("snapshot", snapshot)];
      const handle = await replaceFile(this.#file, frames);
      await this.#handle.close();
      this.#handle = handle;
      this.#end = frames.reduce((sum, frame) => sum + frame.length, 0);
    });
  }

  delete(): Promise<void> {
    return this.#inTurn(async () => {
      await rm(this.#file);
      await this.#handle.close();
      await this.#lock.remove();
      await syncFolder(dirname(this.#file));
      // The last one of its document.
      await rmdir(dirname(this.#file)).catch(() => undefined);
    });
  }

  release(): void {
    this.#lock.release();
    void this.#inTurn(() => this.#handle.close()).catch(() => undefined);
  }

  /** One after the other, whatever becomes of those before. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => mapped(act));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * What is in a journal that somebody else may be writing to.
 * @returns undefined when it is gone by now, or not even its head can be read
 */
export async function peekFile(file: string): Promise<JournalContent | undefined> {
  try {
    const read = readFrames(await readFile(file));
    parseHead(read.frames[0]);
    return contentOf(read);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || (error instanceof OfflineStoreError && error.code === "damaged"))
      return undefined;
    throw error;
  }
}

function contentOf({ frames, tail }: ReadFrames): JournalContent {
  const entries = frames.filter(({ kind }) => kind === "batch").flatMap(({ payload }) => splitEntries(payload));
  // An entry that nobody can read stands for what is lost.
  if (tail === "damaged") entries.push(new Uint8Array());
  return { snapshot: frames.find(({ kind }) => kind === "snapshot")?.payload, entries };
}

async function readAll(handle: FileHandle): Promise<Uint8Array> {
  const bytes = new Uint8Array((await handle.stat()).size);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  return bytes.subarray(0, bytesRead);
}

/** @throws OfflineStoreError "damaged" */
export async function readHead(file: string): Promise<JournalHead> {
  const handle = await open(file, "r");
  try {
    const bytes = new Uint8Array(LONGEST_HEAD);
    const { bytesRead } = await handle.read(bytes, 0, LONGEST_HEAD, 0);
    const [first] = readFrames(bytes.subarray(0, bytesRead)).frames;
    return parseHead(first);
  } finally {
    await handle.close();
  }
}

/** Two ids of 64 units each, in JSON. */
const LONGEST_HEAD = 2048;

function headFrame({ document, client }: JournalHead): Uint8Array {
  return frameOf("head", new TextEncoder().encode(JSON.stringify({ format: FORMAT, document, client })));
}

function parseHead(frame: Frame | undefined): JournalHead {
  if (frame?.kind !== "head") throw new OfflineStoreError("damaged", "the head of a journal can't be read");
  const head = JSON.parse(new TextDecoder().decode(frame.payload)) as JournalHead & { readonly format: number };
  if (head.format !== FORMAT) throw new OfflineStoreError("damaged", `format ${head.format} of journals is not known`);
  return head;
}
