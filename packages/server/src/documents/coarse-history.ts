import { type Operation, type Piece, Spans } from "@tutti/ot";
import type { Gap } from "../delivery/reader.js";
import type { TimeSlices } from "../delivery/time-slices.js";
import type { StoredOperation } from "../storage/store.js";
import { composeStepwise } from "./compose-stepwise.js";
import type { Commit, HistoryPiece } from "./history.js";
import { memoryOf } from "./weight.js";

/** Operations of one block; blocks start at multiples of it. A power of two, so that blocks are spans. */
const BLOCK = 256;
/** Blocks kept, and about how many bytes they may take. */
const CAPACITY = 256;
const CAPACITY_BYTES = 8_000_000;

interface Block {
  readonly operation: Operation;
  readonly last: Commit;
  readonly bytes: number;
}

/** Reads the next operations after a version, at least one, in order. */
type Read = (after: number, upTo: number) => Promise<readonly StoredOperation[]>;

/**
 * What is older than what memory holds one by one, as composed blocks: somebody who comes back after 10,000 operations
 * costs a few dozen blocks and one short read at the front, not 10,000 rows.
 *
 * A block is a span, so the pieces of a gap are the same whether a block was remembered or is composed anew.
 */
export class CoarseHistory {
  /** By the version that each ends at; without gaps between them. */
  readonly #blocks = new Map<number, Block>();
  #bytes = 0;

  /** About how many bytes this holds in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Remembers the blocks that end among operations which are to be forgotten.
   * @param spans holds all of `leaving`
   */
  take(spans: Spans, leaving: readonly StoredOperation[]): void {
    for (const stored of leaving) {
      const end = stored.version;
      if (end % BLOCK !== 0) continue;
      const [block] = spans.between(end - BLOCK, end) ?? [];
      if (block !== undefined) this.#remember(end, block.operation, stored);
    }
  }

  /**
   * The canonical list of spans of a gap, from blocks where they are known and from single operations elsewhere.
   * @param newest the canonical list of the end of the gap, as far as it is known elsewhere
   * @param read tells single operations
   * @throws whatever `read` throws
   */
  async pieces(
    { from, to }: Gap,
    newest: readonly HistoryPiece[],
    read: Read,
    slices: TimeSlices,
  ): Promise<readonly HistoryPiece[]> {
    const commits = new Map<number, Commit>();
    const parts: Piece[] = [];
    const border = newest[0]?.from ?? to;
    for (let reached = from; reached < border; reached = parts.at(-1)?.to ?? border) {
      const known = reached % BLOCK === 0 && reached + BLOCK <= border ? this.#blocks.get(reached + BLOCK) : undefined;
      if (known !== undefined) {
        commits.set(known.last.version, known.last);
        parts.push({ from: reached, to: known.last.version, operation: known.operation });
      } else {
        const stored = await readAll(read, reached, Math.min(border, floorToBlock(reached) + BLOCK));
        for (const commit of stored) commits.set(commit.version, commit);
        for (const part of composed(reached, stored)) parts.push(part);
      }
      await slices.next();
    }
    for (const { from: start, operation, last } of newest) {
      commits.set(last.version, last);
      parts.push({ from: start, to: last.version, operation });
    }
    const spans = Spans.of(from, parts);
    await composeStepwise(spans, from, to, slices);
    return (spans.between(from, to) ?? []).map(({ from: start, to: end, operation }) => ({
      from: start,
      operation,
      last: commits.get(end) as Commit,
    }));
  }

  #remember(end: number, operation: Operation, { operation: _content, ...last }: StoredOperation): void {
    const bytes = memoryOf(operation);
    this.#blocks.set(end, { operation, last, bytes });
    this.#bytes += bytes;
    for (const [oldest, block] of this.#blocks) {
      if (this.#blocks.size <= CAPACITY && this.#bytes <= CAPACITY_BYTES) return;
      this.#blocks.delete(oldest);
      this.#bytes -= block.bytes;
    }
  }
}

/** The newest version up to this one that a block starts or ends at. */
export const floorToBlock = (version: number): number => Math.floor(version / BLOCK) * BLOCK;

async function readAll(read: Read, from: number, to: number): Promise<readonly StoredOperation[]> {
  const all: StoredOperation[] = [];
  while (from + all.length < to) for (const stored of await read(from + all.length, to)) all.push(stored);
  return all;
}

/** Operations after `from` as parts of `Spans`: as one, where they are a whole block, so that memory stays small. */
function composed(from: number, stored: readonly StoredOperation[]): readonly Piece[] {
  if (stored.length === BLOCK) {
    return (
      stored.reduce((all, { operation }) => all.append(operation), Spans.from(from)).between(from, from + BLOCK) ?? []
    );
  }
  return stored.map(({ version, operation }) => ({ from: version - 1, to: version, operation }));
}
