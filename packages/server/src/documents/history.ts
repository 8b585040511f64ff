import { type Operation, Spans } from "@tutti/ot";
import type { Clock } from "@tutti/protocol";
import type { Gap } from "../delivery/reader.js";
import { TimeSlices } from "../delivery/time-slices.js";
import type { Store, StoredOperation } from "../storage/store.js";
import { CoarseHistory, floorToBlock } from "./coarse-history.js";
import { composeStepwise } from "./compose-stepwise.js";
import { toldAsOne } from "./told-as-one.js";
import { memoryOf } from "./weight.js";

/** A stretch of history as one operation, and the newest commit in it. It leads from version `from` to `last.version`. */
export interface HistoryPiece {
  readonly from: number;
  readonly operation: Operation;
  readonly last: Commit;
}

/** A stored operation without its content. */
export type Commit = Omit<StoredOperation, "operation">;

/** Newest operations kept one by one in memory, and about how many bytes they may take. */
const CAPACITY = 2000;
const CAPACITY_BYTES = 8_000_000;
const READ_AT_ONCE = 1000;
/** Spans of so many operations at most are composed in one go, when somebody waits for them. */
const AT_ONCE = 512;

/**
 * The durable operations of one document: the newest ones in memory, one by one and as composed spans; older ones as
 * composed blocks; what is older still is read from the store (S6, S12).
 */
export class History {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #document: string;
  readonly #coarse = new CoarseHistory();
  #recent: StoredOperation[] = [];
  #sizes: number[] = [];
  #bytes = 0;
  /** From the version before the first of the recent ones. */
  #spans: Spans;
  #version: number;

  constructor(store: Store, clock: Clock, document: string, recent: readonly StoredOperation[], version: number) {
    this.#store = store;
    this.#clock = clock;
    this.#document = document;
    const kept = recent.slice(-CAPACITY);
    this.#version = version - kept.length;
    this.#spans = Spans.from(this.#version);
    this.append(kept);
  }

  /** The newest durable version. */
  get version(): number {
    return this.#version;
  }

  /** About how many bytes this holds in memory. */
  get bytes(): number {
    return this.#bytes + this.#coarse.bytes;
  }

  /** @param operations made on the newest version, in order */
  append(operations: readonly StoredOperation[]): void {
    for (const stored of operations) {
      const size = memoryOf(stored.operation);
      this.#recent.push(stored);
      this.#sizes.push(size);
      this.#bytes += size;
      this.#spans = this.#spans.append(stored.operation);
      this.#version = stored.version;
    }
    // A quarter more than the capacity before cutting, so that the cost of a cut is spread over many commits.
    if (this.#recent.length > 1.25 * CAPACITY || this.#bytes > 1.25 * CAPACITY_BYTES) this.#cut();
  }

  /** All operations after a version, where memory holds them; undefined where it doesn't. */
  recentSince(version: number): readonly StoredOperation[] | undefined {
    const count = this.#version - version;
    if (count > this.#recent.length) return undefined;
    return count === 0 ? [] : this.#recent.slice(-count);
  }

  /** The pieces of these gaps where memory holds them and composing is little work; undefined otherwise. */
  recentPieces(gaps: readonly Gap[]): readonly HistoryPiece[] | undefined {
    const pieces: HistoryPiece[] = [];
    for (const gap of gaps) {
      if (gap.from < this.#spans.start || (gap.by === "span" && gap.to - gap.from > AT_ONCE)) return undefined;
      for (const piece of this.#recentPieces(gap)) pieces.push(piece);
    }
    return pieces;
  }

  /**
   * The pieces of these gaps, wherever they are. Long ones are composed in steps between which others have their turn.
   * @throws StoreError
   */
  async pieces(gaps: readonly Gap[]): Promise<readonly HistoryPiece[]> {
    const pieces: HistoryPiece[] = [];
    const slices = new TimeSlices(this.#clock);
    for (const gap of gaps) {
      const found = gap.by === "span" ? await this.#spanPieces(gap, slices) : await this.#singlePieces(gap);
      for (const piece of found) pieces.push(piece);
    }
    return pieces;
  }

  #recentPieces({ from, to, by }: Gap): readonly HistoryPiece[] {
    if (by !== "span") return this.#recentBetween(from, to).map(pieceOf);
    const pieces = (this.#spans.between(from, to) ?? []).map((piece) => ({
      from: piece.from,
      operation: piece.operation,
      last: this.#recentAt(piece.to),
    }));
    return toldAsOne(pieces);
  }

  async #singlePieces({ from, to }: Gap): Promise<readonly HistoryPiece[]> {
    const pieces: HistoryPiece[] = [];
    for (let reached = from; reached < to; reached = from + pieces.length) {
      const found = await this.#read(reached, to);
      for (const stored of found) pieces.push(pieceOf(stored));
    }
    return pieces;
  }

  async #spanPieces(gap: Gap, slices: TimeSlices): Promise<readonly HistoryPiece[]> {
    const border = Math.max(gap.from, this.#spans.start);
    const newest = border < gap.to ? await this.#newestPieces(border, gap.to, slices) : [];
    if (border === gap.from) return toldAsOne(newest);
    const read = (after: number, upTo: number) => this.#read(after, upTo);
    return toldAsOne(await this.#coarse.pieces(gap, newest, read, slices));
  }

  /** The canonical list of a gap that is in memory. */
  async #newestPieces(from: number, to: number, slices: TimeSlices): Promise<readonly HistoryPiece[]> {
    // What is in memory may be cut while others have their turn.
    const spans = this.#spans;
    const pieces = spans.between(from, to) ?? [];
    const last = pieces.map((piece) => this.#recentAt(piece.to));
    await composeStepwise(spans, from, to, slices);
    return pieces.map((piece, index) => ({
      from: piece.from,
      operation: piece.operation,
      last: last[index] as StoredOperation,
    }));
  }

  /** The next operations after a version, at least one and not all that may be: from memory, or from the store. */
  async #read(after: number, upTo: number): Promise<readonly StoredOperation[]> {
    if (after >= this.#spans.start) return this.#recentBetween(after, upTo);
    const found = await this.#store.operations(this.#document, after, upTo, READ_AT_ONCE);
    if (found.length === 0) throw new Error(`operations after version ${after} are missing in the store`);
    return found;
  }

  #recentBetween(from: number, to: number): readonly StoredOperation[] {
    const { start } = this.#spans;
    return this.#recent.slice(from - start, to - start);
  }

  #recentAt(version: number): StoredOperation {
    return this.#recent[version - this.#spans.start - 1] as StoredOperation;
  }

  /** Old operations leave; what they were together stays for a while. */
  #cut(): void {
    const { start } = this.#spans;
    let count = Math.max(0, floorToBlock(start + this.#recent.length - CAPACITY) - start);
    let bytes = this.#sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
    for (; this.#bytes - bytes > CAPACITY_BYTES; count += 1) bytes += this.#sizes[count] ?? 0;
    this.#coarse.take(this.#spans, this.#recent.slice(0, count));
    this.#spans = this.#spans.forget(start + count);
    this.#recent = this.#recent.slice(count);
    this.#sizes = this.#sizes.slice(count);
    this.#bytes -= bytes;
  }
}

const pieceOf = (stored: StoredOperation): HistoryPiece => ({
  from: stored.version - 1,
  operation: stored.operation,
  last: stored,
});
