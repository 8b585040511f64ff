import { Document } from "@tutti/ot";
import { type SegmentInfo, type Store, type StoredOperation, StoreError } from "../storage/store.js";
import { readContent } from "./snapshot-content.js";

/** One thing that is not as it was written. */
export interface Problem {
  readonly document: string;
  readonly kind:
    | "record"
    | "damaged"
    | "segment"
    | "archived"
    | "gap"
    | "checksum"
    | "sequence"
    | "author"
    | "client"
    | "snapshot";
  readonly version: number | undefined;
  readonly message: string;
}

export interface Verification {
  readonly document: string;
  readonly operations: number;
  readonly snapshots: number;
  readonly problems: readonly Problem[];
}

const READ_AT_ONCE = 1000;

/**
 * Replays a document from its first operation up to the newest version at the start, and compares every checksum that is
 * stored: of rows, of segments, of versions, of snapshots (D4); and where clients are (S2). Changes nothing. Behind a place that can't be read, the replay goes on
 * from the next sound snapshot, so one damaged row does not hide another.
 *
 * @param progress told how many operations have been looked at
 * @throws StoreError other than `damaged`
 */
export async function verifyDocument(
  store: Store,
  id: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<Verification> {
  return new Verifier(store, id, progress).run();
}

class Verifier {
  readonly #store: Store;
  readonly #id: string;
  readonly #progress: (done: number, total: number) => void;
  readonly #problems: Problem[] = [];
  readonly #clients = new Map<string, { readonly sequence: number; readonly user: string }>();
  /** undefined: what came before can't be read, so this version is not known. */
  #content: Document | undefined = Document.empty;
  #version = 0;
  #operations = 0;
  #segments: readonly SegmentInfo[] = [];

  constructor(store: Store, id: string, progress: (done: number, total: number) => void) {
    this.#store = store;
    this.#id = id;
    this.#progress = progress;
  }

  async run(): Promise<Verification> {
    const newest = await this.#attempt("record", undefined, () => this.#store.version(this.#id));
    const versions = newest === undefined ? [] : await this.#snapshotVersions(newest);
    this.#segments = (await this.#attempt("segment", undefined, () => this.#store.segments(this.#id))) ?? [];
    const stops = new Set(versions);
    while (newest !== undefined && this.#version < newest) {
      await this.#readSome(Math.min(newest, nextStop(versions, this.#version)));
      if (stops.has(this.#version)) await this.#compareSnapshot(this.#version);
      this.#progress(this.#version, newest);
    }
    await this.#comparePositions();
    const { length: snapshots } = versions;
    return { document: this.#id, operations: this.#operations, snapshots, problems: this.#problems };
  }

  async #snapshotVersions(newest: number): Promise<readonly number[]> {
    const infos = await this.#attempt("snapshot", undefined, () => this.#store.snapshots(this.#id));
    return (infos ?? []).map(({ version }) => version).filter((version) => version <= newest);
  }

  /** Reads on, at most up to a version; where a row can't be read, in ever smaller steps up to that row. */
  async #readSome(upTo: number): Promise<void> {
    for (let size = Math.min(READ_AT_ONCE, upTo - this.#version); size >= 1; size = Math.floor(size / 2)) {
      try {
        const from = this.#version;
        const read = await this.#store.operations(this.#id, from, from + size, size);
        for (const stored of read) this.#take(stored);
        if (this.#version === from) throw new StoreError("damaged", "nothing came");
        return;
      } catch (error) {
        if (!isDamage(error)) throw error;
        if (size > 1 && this.#segment() === undefined) continue;
        this.#skip(error);
        return;
      }
    }
  }

  /** The segment that the next version is in. */
  #segment(): SegmentInfo | undefined {
    return this.#segments.find(({ first, last }) => first <= this.#version + 1 && this.#version < last);
  }

  /** Passes over a row, or a segment as a whole: it can be read or it can't. */
  #skip(error: StoreError): void {
    const segment = this.#segment();
    const from = this.#version + 1;
    this.#version = segment?.last ?? from;
    this.#content = undefined;
    const kind = error.code === "archived" ? "archived" : segment === undefined ? "damaged" : "segment";
    this.#report(kind, from, error.message);
  }

  #take(stored: StoredOperation): void {
    if (stored.version !== this.#version + 1) {
      this.#report("gap", this.#version + 1, `version ${stored.version} follows ${this.#version}`);
      this.#content = undefined;
    }
    this.#version = stored.version;
    this.#operations += 1;
    this.#checkAuthor(stored);
    this.#replay(stored);
  }

  /** Of each client, sequences are 1, 2, 3 …, and all from one person (S2). */
  #checkAuthor({ client, sequence, user, version }: StoredOperation): void {
    const last = this.#clients.get(client) ?? { sequence: 0, user };
    // Behind what can't be read, nobody knows what is missing.
    if (sequence !== last.sequence + 1 && this.#content !== undefined) {
      this.#report("sequence", version, `client ${client}: sequence ${sequence} follows ${last.sequence}`);
    }
    if (user !== last.user) this.#report("author", version, `client ${client} belongs to ${last.user}, not ${user}`);
    this.#clients.set(client, { sequence, user: last.user });
  }

  /** Where the store says that clients are: behind what they wrote, an edit that is sent again would be stored twice. */
  async #comparePositions(): Promise<void> {
    for (const [client, { sequence }] of this.#clients) {
      const read = () => this.#store.clientPosition(this.#id, client).then((position) => position?.sequence ?? 0);
      const stored = await this.#attempt("client", undefined, read);
      if (stored === undefined || stored >= sequence) continue;
      this.#report("client", undefined, `client ${client} wrote sequence ${sequence}, the store says ${stored}`);
    }
  }

  #replay({ operation, checksum, version }: StoredOperation): void {
    if (this.#content === undefined) return;
    try {
      this.#content = this.#content.apply(operation);
    } catch (error) {
      this.#content = undefined;
      this.#report(
        "checksum",
        version,
        `the operation does not fit: ${error instanceof Error ? error.message : error}`,
      );
      return;
    }
    if (checksum === undefined || checksum === this.#content.checksum) return;
    this.#report("checksum", version, `the replay has ${this.#content.checksum}, the log says ${checksum}`);
    this.#content = undefined;
  }

  async #compareSnapshot(version: number): Promise<void> {
    const stored = await this.#attempt("snapshot", version, () => readContent(this.#store, this.#id, version));
    if (stored === undefined) return;
    if (this.#content === undefined) {
      this.#content = stored;
    } else if (stored.checksum !== this.#content.checksum) {
      const text = `the replay has ${this.#content.checksum}, the snapshot ${stored.checksum}`;
      this.#report("snapshot", version, text);
    }
  }

  /** Damage becomes a problem; undefined then. */
  async #attempt<T>(
    kind: Problem["kind"],
    version: number | undefined,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#report(kind, version, error.message);
      return undefined;
    }
  }

  #report(kind: Problem["kind"], version: number | undefined, message: string): void {
    this.#problems.push({ document: this.#id, kind, version, message });
  }
}

function isDamage(error: unknown): error is StoreError {
  return error instanceof StoreError && ["damaged", "archived", "unsupported_version"].includes(error.code);
}

/** The next version at which there is a snapshot to compare; far away when there is none. */
function nextStop(versions: readonly number[], after: number): number {
  return versions.find((version) => version > after) ?? Number.MAX_SAFE_INTEGER;
}
