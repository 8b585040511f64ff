import {
  type ClientPosition,
  type NewOperation,
  packOperations,
  type SegmentInfo,
  type StoredOperation,
  StoreError,
  unpackSegment,
} from "@tutti/server";
import {
  asUtf8,
  bytesRow,
  flipped,
  operationRow,
  positionRow,
  type Row,
  readBytes,
  readOperation,
  readPosition,
} from "./memory-rows.js";

interface Segment {
  readonly info: SegmentInfo;
  /** undefined: in an archive. */
  readonly row: Row | undefined;
}

/** The log of one document: segments for the older operations, rows for the newer ones. */
export class MemoryLog {
  readonly #document: string;
  #segments: readonly Segment[] = [];
  /** Version n is at index n - 1 - packed. */
  #rows: Row[] = [];
  /** The newest operation of each client. */
  #clients = new Map<string, Row>();

  constructor(document: string) {
    this.#document = document;
  }

  /** As it is now. */
  copy(): MemoryLog {
    const copy = new MemoryLog(this.#document);
    copy.#segments = this.#segments;
    copy.#rows = [...this.#rows];
    copy.#clients = new Map(this.#clients);
    return copy;
  }

  get version(): number {
    return this.#packed + this.#rows.length;
  }

  /** False for a conflict: then nothing was stored. */
  append(operations: readonly NewOperation[]): boolean {
    if (operations.some(({ version }, index) => version !== this.version + 1 + index)) return false;
    const clients = this.#advanced(operations);
    if (clients === undefined) return false;
    // Written before anything is kept, so that what can't be written leaves no trace.
    const rows = operations.map(operationRow);
    for (const row of rows) this.#rows.push(row);
    for (const [client, position] of clients) this.#clients.set(client, positionRow(position));
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

  /** From the log where its own row is damaged. @throws StoreError `damaged` when the log does not tell either */
  position(client: string): ClientPosition | undefined {
    const row = this.#clients.get(asUtf8(client));
    try {
      return row && readPosition(row, this.#clientName(client));
    } catch (error) {
      return this.#positionInLog(asUtf8(client), error);
    }
  }

  compact(upTo: number): SegmentInfo | undefined {
    const operations = this.operations(this.#packed, upTo, Number.POSITIVE_INFINITY);
    if (operations.length === 0) return undefined;
    const { info, bytes } = packOperations(operations);
    this.#segments = [...this.#segments, { info, row: bytesRow(bytes) }];
    this.#rows = this.#rows.slice(operations.length);
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

  damageClient(client: string): void {
    const row = this.#clients.get(client);
    if (row === undefined) throw new RangeError(`${this.#clientName(client)} has no row`);
    this.#clients.set(client, flipped(row));
  }

  damageSegment(first: number): void {
    this.#replaceSegment(first, ({ info, row }) => ({ info, row: row && flipped(row) }));
  }

  get #packed(): number {
    return this.#segments.at(-1)?.info.last ?? 0;
  }

  /** Where clients are after these; undefined when the sequences of one of them do not only grow. */
  #advanced(operations: readonly NewOperation[]): ReadonlyMap<string, ClientPosition> | undefined {
    const positions = new Map<string, ClientPosition>();
    for (const { client, sequence, version, user } of operations) {
      const name = asUtf8(client);
      const newest = positions.get(name) ?? this.position(name);
      if (sequence <= (newest?.sequence ?? 0)) return undefined;
      positions.set(name, { sequence, version, user: asUtf8(user) });
    }
    return positions;
  }

  #positionInLog(client: string, cause: unknown): ClientPosition | undefined {
    try {
      const mine = this.operations(0, this.version, this.version).filter((stored) => stored.client === client);
      const [newest] = mine.toSorted((a, b) => b.sequence - a.sequence);
      return newest && { sequence: newest.sequence, version: newest.version, user: newest.user };
    } catch {
      throw cause;
    }
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

  #clientName(client: string): string {
    return `the position of client ${client} in document ${this.#document}`;
  }

  #nameOf({ first }: SegmentInfo): string {
    return `the segment of document ${this.#document} from version ${first} on`;
  }
}
