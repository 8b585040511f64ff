import {
  type ClientPosition,
  type NewOperation,
  packOperations,
  type SegmentInfo,
  type StoredOperation,
  StoreError,
  unpackSegment,
} from "@tutti/server";
import { asUtf8, bytesRow, flipped, operationRow, type Row, readBytes, readOperation } from "./memory-rows.js";

interface Segment {
  readonly info: SegmentInfo;
  /** undefined: in an archive. */
  readonly row: Row | undefined;
}

/** The log of one document: segments for the older operations, rows for the newer ones. */
export class MemoryLog {
  readonly #document: string;
  #segments: readonly Segment[] = [];
  /** The newest packed operation of each client. */
  #positions: ReadonlyMap<string, ClientPosition> = new Map();
  /** Version n is at index n - 1 - packed. */
  #rows: Row[] = [];
  /** What each client wrote since: sequence → version. */
  #clients = new Map<string, Map<number, number>>();

  constructor(document: string) {
    this.#document = document;
  }

  /** As it is now. */
  copy(): MemoryLog {
    const copy = new MemoryLog(this.#document);
    copy.#segments = this.#segments;
    copy.#positions = this.#positions;
    copy.#rows = [...this.#rows];
    copy.#clients = new Map([...this.#clients].map(([client, written]) => [client, new Map(written)]));
    return copy;
  }

  get version(): number {
    return this.#packed + this.#rows.length;
  }

  /** False for a conflict: then nothing was stored. */
  append(operations: readonly NewOperation[]): boolean {
    if (operations.some(({ version }, index) => version !== this.version + 1 + index)) return false;
    if (this.#isTaken(operations)) return false;
    // Written before anything is kept, so that what can't be written leaves no trace.
    const rows = operations.map(operationRow);
    for (const row of rows) this.#rows.push(row);
    for (const { client, sequence, version } of operations) {
      const written = this.#clients.get(asUtf8(client)) ?? new Map<number, number>();
      this.#clients.set(asUtf8(client), written.set(sequence, version));
    }
    return true;
  }

  operations(after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const start = Math.max(0, after);
    const end = Math.min(Math.max(start, upTo), start + limit, this.version);
    const packed = this.#segments
      .filter(({ info }) => info.last > start && info.first <= end)
      .flatMap((segment) => unpackSegment(this.#bytes(segment), this.#nameOf(segment.info)))
      .filter(({ version }) => version > start && version <= end);
    const from = Math.max(start, this.#packed);
    const rows = this.#rows.slice(from - this.#packed, Math.max(from, end) - this.#packed);
    return [...packed, ...rows.map((row, index) => readOperation(row, this.#rowName(from + 1 + index)))];
  }

  position(client: string): ClientPosition | undefined {
    const packed = this.#positions.get(asUtf8(client));
    const written = [...(this.#clients.get(asUtf8(client)) ?? [])];
    const [newest, at] = written.reduce((best, next) => (next[0] > best[0] ? next : best), [-1, 0]);
    const row = this.#rows[at - 1 - this.#packed];
    if (row === undefined || (packed?.sequence ?? -1) > newest) return packed;
    const { sequence, version, user } = readOperation(row, this.#rowName(at));
    return { sequence, version, user };
  }

  compact(upTo: number): SegmentInfo | undefined {
    const operations = this.operations(this.#packed, upTo, Number.POSITIVE_INFINITY);
    if (operations.length === 0) return undefined;
    const { info, bytes, positions } = packOperations(operations);
    this.#segments = [...this.#segments, { info, row: bytesRow(bytes) }];
    this.#rows = this.#rows.slice(operations.length);
    const newest = new Map(this.#positions);
    for (const [client, position] of positions) {
      if ((newest.get(client)?.sequence ?? -1) < position.sequence) newest.set(client, position);
    }
    this.#positions = newest;
    this.#clients = new Map([...this.#clients].map(([client, written]) => [client, after(written, info.last)]));
    return info;
  }

  segments(): readonly SegmentInfo[] {
    return this.#segments.map(({ info }) => info);
  }

  segment(first: number): Uint8Array | undefined {
    const segment = this.#segments.find(({ info }) => info.first === first);
    return segment && this.#bytes(segment);
  }

  archive(first: number, archiveKey: string): boolean {
    const found = this.#segments.some(({ info }) => info.first === first);
    this.#replaceSegment(first, ({ info }) => ({ info: { ...info, archiveKey }, row: undefined }));
    return found;
  }

  damageOperation(version: number): void {
    this.#rows = this.#rows.with(version - 1 - this.#packed, flipped(this.#rowAt(version)));
  }

  damageSegment(first: number): void {
    this.#replaceSegment(first, ({ info, row }) => ({ info, row: row && flipped(row) }));
  }

  get #packed(): number {
    return this.#segments.at(-1)?.info.last ?? 0;
  }

  /** True when a client's sequence is in the log already, or twice in `operations`. */
  #isTaken(operations: readonly NewOperation[]): boolean {
    const names = new Set(operations.map(({ client, sequence }) => `${sequence} ${asUtf8(client)}`));
    if (names.size < operations.length) return true;
    return operations.some(({ client, sequence }) => {
      const packed = this.#positions.get(asUtf8(client))?.sequence ?? -1;
      return sequence <= packed || this.#clients.get(asUtf8(client))?.has(sequence) === true;
    });
  }

  #replaceSegment(first: number, change: (segment: Segment) => Segment): void {
    this.#segments = this.#segments.map((segment) => (segment.info.first === first ? change(segment) : segment));
  }

  #bytes({ info, row }: Segment): Uint8Array {
    if (row === undefined) throw new StoreError("archived", `${this.#nameOf(info)} is in the archive`);
    return readBytes(row, this.#nameOf(info));
  }

  #rowAt(version: number): Row {
    const row = this.#rows[version - 1 - this.#packed];
    if (row === undefined) throw new RangeError(`${this.#rowName(version)} has no row`);
    return row;
  }

  #rowName(version: number): string {
    return `operation ${version} of document ${this.#document}`;
  }

  #nameOf({ first }: SegmentInfo): string {
    return `the segment of document ${this.#document} from version ${first} on`;
  }
}

const after = (written: ReadonlyMap<number, number>, last: number): Map<number, number> =>
  new Map([...written].filter(([, version]) => version > last));
