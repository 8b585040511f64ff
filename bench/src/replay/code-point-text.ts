/** One patch in UTF-16 units. */
export interface UnitPatch {
  readonly index: number;
  readonly deleted: number;
  readonly inserted: string;
}

interface Chunk {
  text: string;
  /** Code points; equal to the length of the text where there are no surrogate pairs. */
  points: number;
}

/** Code points of a chunk at most; beyond, it is cut in halves. */
const CAPACITY = 2048;

/**
 * A text that is edited in code points and says where that is in UTF-16 units. A list of chunks that know both their
 * lengths: an edit looks at one number of each chunk, and inside a chunk without surrogate pairs at nothing more.
 */
export class CodePointText {
  readonly #chunks: Chunk[];

  constructor(text: string) {
    this.#chunks = split(text);
  }

  toString(): string {
    return this.#chunks.map((chunk) => chunk.text).join("");
  }

  /**
   * Removes `deleted` code points at `position` (in code points) and inserts the text there.
   * @returns the same in UTF-16 units
   * @throws RangeError when it reaches behind the end
   */
  apply(position: number, deleted: number, inserted: string): UnitPatch {
    const { chunk, offset, index } = this.#find(position);
    const units = this.#remove(chunk, offset, deleted);
    this.#insert(chunk, offset, inserted);
    return { index, deleted: units, inserted };
  }

  /** The chunk that holds a position, where in its units, and where in the units of the text. */
  #find(position: number): { readonly chunk: number; readonly offset: number; readonly index: number } {
    let before = 0;
    let points = position;
    for (const [index, chunk] of this.#chunks.entries()) {
      if (points < chunk.points || (points === chunk.points && index === this.#chunks.length - 1)) {
        const offset = unitsOf(chunk, 0, points);
        return { chunk: index, offset, index: before + offset };
      }
      points -= chunk.points;
      before += chunk.text.length;
    }
    throw new RangeError(`position ${position} is behind the end`);
  }

  /** Removes code points from here on, over as many chunks as it takes; returns how many units they were. */
  #remove(first: number, offset: number, deleted: number): number {
    let units = 0;
    let left = deleted;
    let start = offset;
    for (let index = first; left > 0; start = 0) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) throw new RangeError(`deletes ${left} behind the end`);
      const end = unitsOf(chunk, start, left);
      const removed = chunk.text.slice(start, end);
      const points = pointsOf(removed);
      chunk.text = chunk.text.slice(0, start) + chunk.text.slice(end);
      chunk.points -= points;
      units += removed.length;
      left -= points;
      // The first chunk stays even when it is empty: the insert goes there.
      if (chunk.points === 0 && index !== first) this.#chunks.splice(index, 1);
      else index += 1;
    }
    return units;
  }

  #insert(index: number, offset: number, inserted: string): void {
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    chunk.text = chunk.text.slice(0, offset) + inserted + chunk.text.slice(offset);
    chunk.points += pointsOf(inserted);
    if (chunk.points > CAPACITY) this.#chunks.splice(index, 1, ...split(chunk.text));
    else if (chunk.points === 0 && this.#chunks.length > 1) this.#chunks.splice(index, 1);
  }
}

/** Chunks of half the capacity; one empty chunk for no text. */
function split(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CAPACITY / 2, text.length);
    if (isLow(text.charCodeAt(end)) && isHigh(text.charCodeAt(end - 1))) end += 1;
    const piece = text.slice(start, end);
    chunks.push({ text: piece, points: pointsOf(piece) });
    start = end;
  }
  return chunks.length === 0 ? [{ text: "", points: 0 }] : chunks;
}

/** Where in its units a chunk is `points` code points behind `start`; its end, when it is shorter. */
function unitsOf(chunk: Chunk, start: number, points: number): number {
  if (chunk.points === chunk.text.length) return Math.min(start + points, chunk.text.length);
  let unit = start;
  for (let left = points; left > 0 && unit < chunk.text.length; left -= 1) {
    unit += isHigh(chunk.text.charCodeAt(unit)) && isLow(chunk.text.charCodeAt(unit + 1)) ? 2 : 1;
  }
  return unit;
}

function pointsOf(text: string): number {
  let points = text.length;
  for (let index = 1; index < text.length; index += 1) {
    if (!isLow(text.charCodeAt(index)) || !isHigh(text.charCodeAt(index - 1))) continue;
    points -= 1;
    index += 1;
  }
  return points;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
