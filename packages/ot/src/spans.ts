import { type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { OperationError } from "./errors.js";
import type { Operation } from "./operation.js";
import { type Piece, Span } from "./spans-span.js";

export type { Piece } from "./spans-span.js";

/**
 * The history of a document as composed spans (E7, S6): whoever fell behind gets a short list of ready-made pieces.
 *
 * The log is cut into spans of 2^k operations that start at multiples of 2^k, each composed once, when it is asked for
 * first, and kept. A gap (v, w] is the list of the largest such spans that fit, from left to right: the **canonical
 * list**. It depends on v and w alone, never on who asks, when, or what is in memory, so two processes that hold the
 * same log cut it alike. It has at most 2 · log2(w − v) pieces. Where a piece of the list ends, the rest of the list is
 * the canonical list from there on.
 *
 * A value: nothing here changes the history that it is called on, so a server keeps a durable and a tentative one as
 * cheaply as two documents, and goes back by forgetting the newer.
 *
 * The structure is that of a binary counter (Bentley & Saxe, Decomposable searching problems, 1980).
 */
export class Spans {
  /** The largest aligned spans, from left to right; neighbours are never the two halves of a larger one. */
  readonly #roots: readonly Span[];
  /** The version that the first operation is made on. */
  readonly start: number;
  readonly #embeds: EmbedTypes;

  private constructor(start: number, roots: readonly Span[], embeds: EmbedTypes) {
    this.start = start;
    this.#roots = roots;
    this.#embeds = embeds;
  }

  /**
   * No history, of a document that has this version now.
   * @param embeds the kinds of embeds that are edited inside: the same for everybody who composes this document
   */
  static from(version: number, embeds: EmbedTypes = NO_EMBED_TYPES): Spans {
    checkVersion(version);
    return new Spans(version, [], embeds);
  }

  /** The version that the newest operation leads to. */
  get end(): number {
    return this.#roots.at(-1)?.to ?? this.start;
  }

  /** History with one more operation. O(log n), without composing anything. */
  append(operation: Operation): Spans {
    return this.#grown(Span.leaf({ from: this.end, to: this.end + 1, operation }));
  }

  /**
   * What leads from version `from` to version `to`, as the canonical list, cut at `cuts` as well: the canonical lists of
   * the gaps between them. Transform does not distribute over compose, so everybody who transforms over a gap must use
   * the same cuts.
   *
   * O(log n) besides what was never composed before; that is O(k log k) for a gap of k operations.
   *
   * @param cuts versions in any order; those outside of the gap count nothing
   * @returns undefined where this history cannot tell: it starts later, ends earlier, or lost the detail at one of these
   *   versions to `compact`
   * @throws OperationError `out_of_range` when `to` is before `from`
   */
  between(from: number, to: number, cuts: readonly number[] = []): readonly Piece[] | undefined {
    if (to < from) throw new OperationError("out_of_range", `no history leads from ${from} back to ${to}`);
    if (from < this.start || to > this.end) return undefined;
    const bounds = [...new Set(cuts.filter((cut) => cut > from && cut < to)), to].sort((a, b) => a - b);
    const found: Span[] = [];
    let reached = from;
    for (const bound of bounds) {
      if (!this.#collect(reached, bound, found)) return undefined;
      reached = bound;
    }
    return found;
  }

  /** Whether gaps can start and end at this version: it is in this history, and not within a span without detail. */
  reaches(version: number): boolean {
    return this.between(version, version) !== undefined;
  }

  /**
   * History without the detail of old times: what lies before `before` keeps spans of `length` operations and larger
   * ones only. Gaps stay answerable, with the same canonical lists, when each of their ends and cuts is at `before` or
   * later, or at a multiple of `length`. Called with a few pairs (the older, the longer) it bounds memory to O(log n)
   * spans beside the newest ones. O(n / length), besides composing each span once.
   *
   * @param length a power of two
   * @throws OperationError `out_of_range` for any other length
   */
  compact(before: number, length: number): Spans {
    if (!isPowerOfTwo(length)) throw new OperationError("out_of_range", "spans are powers of two");
    return new Spans(
      this.start,
      this.#roots.map((root) => compactSpan(root, before, length)),
      this.#embeds,
    );
  }

  /**
   * History from `before` on, or from the last version before it that is not within a span without detail. Gaps that
   * start earlier have no answer any more.
   */
  forget(before: number): Spans {
    const kept: Span[] = [];
    for (const root of this.#roots) collectFrom(root, before, kept);
    return new Spans(kept[0]?.from ?? this.end, kept, this.#embeds);
  }

  /**
   * Everything that must be stored to have this history again: the smallest spans in order, and behind the operations
   * that it covers each larger one that is composed already. `Spans.of(start, pieces)` reads it.
   */
  pieces(): readonly Piece[] {
    const found: Piece[] = [];
    for (const root of this.#roots) collectKnown(root, found);
    return found;
  }

  /**
   * The history that `pieces` of another one tell of.
   * @throws OperationError `malformed` where pieces overlap, leave gaps, or are no aligned powers of two
   */
  static of(start: number, pieces: Iterable<Piece>, embeds: EmbedTypes = NO_EMBED_TYPES): Spans {
    let spans = Spans.from(start, embeds);
    for (const piece of pieces) {
      checkPiece(piece);
      spans = piece.from === spans.end ? spans.#grown(Span.leaf(piece)) : spans.#knowing(piece);
    }
    return spans;
  }

  #grown(leaf: Span): Spans {
    const roots = [...this.#roots];
    let last = leaf;
    for (let left = roots.at(-1); left !== undefined && areHalves(left, last); left = roots.at(-1)) {
      roots.pop();
      last = Span.join(left, last, this.#embeds);
    }
    roots.push(last);
    return new Spans(this.start, roots, this.#embeds);
  }

  #knowing(piece: Piece): Spans {
    if (!this.#roots.some((root) => covers(root, piece))) {
      throw new OperationError("malformed", `a piece from ${piece.from} to ${piece.to} does not fit`);
    }
    return new Spans(
      this.start,
      this.#roots.map((root) => (covers(root, piece) ? knowingWithin(root, piece) : root)),
      this.#embeds,
    );
  }

  #collect(from: number, to: number, found: Span[]): boolean {
    return this.#roots.every((root) => collect(root, from, to, found));
  }
}

/** Adds the largest spans within (from, to]; false where a bound lies within a span without detail. */
function collect(span: Span, from: number, to: number, found: Span[]): boolean {
  if (span.to <= from || span.from >= to) return true;
  if (from <= span.from && span.to <= to) {
    found.push(span);
    return true;
  }
  if (span.halves === undefined) return false;
  const { left, right } = span.halves;
  return collect(left, from, to, found) && collect(right, from, to, found);
}

/** Adds the largest spans that lie behind `before`, and one that it lies within where there is no detail. */
function collectFrom(span: Span, before: number, kept: Span[]): void {
  if (span.to <= before) return;
  if (span.from >= before || span.halves === undefined) kept.push(span);
  else for (const half of [span.halves.left, span.halves.right]) collectFrom(half, before, kept);
}

function collectKnown(span: Span, found: Piece[]): void {
  if (span.halves !== undefined) {
    collectKnown(span.halves.left, found);
    collectKnown(span.halves.right, found);
  }
  if (span.known !== undefined) found.push({ from: span.from, to: span.to, operation: span.known });
}

function compactSpan(span: Span, before: number, length: number): Span {
  if (span.halves === undefined || span.from >= before) return span;
  if (span.length <= length) return span.to <= before ? span.closed() : span;
  const left = compactSpan(span.halves.left, before, length);
  const right = compactSpan(span.halves.right, before, length);
  const same = left === span.halves.left && right === span.halves.right;
  return same ? span : span.withHalves({ ...span.halves, left, right });
}

/** The tree below `span` with one node that knows its composition. */
function knowingWithin(span: Span, piece: Piece): Span {
  if (span.from === piece.from && span.to === piece.to) return span.knowing(piece.operation);
  if (span.halves === undefined) return span;
  const { left, right } = span.halves;
  const half = covers(left, piece) ? { left: knowingWithin(left, piece) } : { right: knowingWithin(right, piece) };
  return span.withHalves({ ...span.halves, ...half });
}

const covers = (span: Span, piece: Piece): boolean => span.from <= piece.from && piece.to <= span.to;

/** Whether two neighbours are the halves of an aligned span. */
const areHalves = (left: Span, right: Span): boolean =>
  left.length === right.length && left.from % (2 * left.length) === 0;

const isPowerOfTwo = (value: number): boolean => value >= 1 && Number.isInteger(Math.log2(value));

const isVersion = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function checkVersion(version: number): void {
  if (!isVersion(version)) throw new OperationError("malformed", "a version is an integer, not negative");
}

function checkPiece({ from, to }: Piece): void {
  checkVersion(from);
  checkVersion(to);
  if (!isPowerOfTwo(to - from) || from % (to - from) !== 0) {
    throw new OperationError("malformed", `no aligned power of two leads from ${from} to ${to}`);
  }
}
