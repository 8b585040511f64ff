import type { Archive } from "./archive.js";
import { ForwardingStore } from "./forwarding-store.js";
import type { SegmentInfo, StoredOperation } from "./records.js";
import { unpackSegment } from "./segment-format.js";
import { type Store, StoreError } from "./store.js";

/** A segment that is not in the store any more. */
type Archived = SegmentInfo & { readonly archiveKey: string };

/**
 * A store that reads segments which were moved to an archive as if they were still there (H3). It asks the archive only
 * after the store has said that it needs to.
 */
export class ArchivingStore extends ForwardingStore {
  readonly #archive: Archive;
  /** The one that was read last: whoever reads a log reads it in portions. */
  #last: { readonly key: string; readonly operations: readonly StoredOperation[] } | undefined;

  constructor(inner: Store, archive: Archive) {
    super(inner);
    this.#archive = archive;
  }

  override async operations(
    document: string,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<readonly StoredOperation[]> {
    try {
      return await this.inner.operations(document, after, upTo, limit);
    } catch (error) {
      if (!isArchived(error)) throw error;
      return this.#operations(document, after, upTo, limit);
    }
  }

  override async segment(document: string, first: number): Promise<Uint8Array | undefined> {
    try {
      return await this.inner.segment(document, first);
    } catch (error) {
      if (!isArchived(error)) throw error;
      const found = (await this.#archivedSegments(document)).find((segment) => segment.first === first);
      return found === undefined ? undefined : this.#bytes(document, found);
    }
  }

  async #operations(document: string, after: number, upTo: number, limit: number): Promise<readonly StoredOperation[]> {
    const segments = await this.#archivedSegments(document);
    const start = Math.max(0, after);
    const end = Math.min(upTo, await this.inner.version(document), start + Math.floor(limit));
    const found: StoredOperation[] = [];
    for (let reached = start; reached < end; reached = start + found.length) {
      const here = segments.find(({ first, last }) => first <= reached + 1 && reached + 1 <= last);
      const next = segments.find(({ first }) => first > reached + 1)?.first ?? Number.POSITIVE_INFINITY;
      const border = Math.min(end, here?.last ?? next - 1);
      const portion =
        here === undefined
          ? await this.inner.operations(document, reached, border, border - reached)
          : (await this.#unpack(document, here)).slice(reached + 1 - here.first, border + 1 - here.first);
      if (portion.length === 0) throw new StoreError("damaged", `document ${document}: ${reached + 1} is missing`);
      for (const stored of portion) found.push(stored);
    }
    return found;
  }

  async #archivedSegments(document: string): Promise<readonly Archived[]> {
    const segments = await this.inner.segments(document);
    return segments.filter((segment): segment is Archived => segment.archiveKey !== undefined);
  }

  async #unpack(document: string, segment: Archived): Promise<readonly StoredOperation[]> {
    if (this.#last?.key !== segment.archiveKey) {
      const operations = unpackSegment(await this.#bytes(document, segment), nameOf(document, segment));
      if (operations[0]?.version !== segment.first || operations.at(-1)?.version !== segment.last) {
        throw new StoreError("damaged", `${nameOf(document, segment)} is another one`);
      }
      this.#last = { key: segment.archiveKey, operations };
    }
    return this.#last.operations;
  }

  async #bytes(document: string, segment: Archived): Promise<Uint8Array> {
    const bytes = await this.#archive.get(segment.archiveKey);
    if (bytes === undefined) throw new StoreError("damaged", `${nameOf(document, segment)} is not in the archive`);
    return bytes;
  }
}

const isArchived = (error: unknown): boolean => error instanceof StoreError && error.code === "archived";

const nameOf = (document: string, { first, last }: SegmentInfo): string =>
  `the segment [${first}, ${last}] of document ${document}`;
