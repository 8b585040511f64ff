import { isDelete, isInsert, type Operation } from "@tutti/ot";

/** What became of one unique character. */
export interface Mark {
  readonly author: string;
  readonly document: string;
  /** Which of its author's edits of the document typed it, from 1 on. */
  readonly edit: number;
  /** The version that was durable when its author was told that it is saved; undefined: never told. */
  savedAt: number | undefined;
  /** Who deleted it, or took its insert back, with which of their edits. */
  readonly deletedBy: Map<string, number>;
}

/** Unique characters come from here on: the private use planes, so that each is a surrogate pair. */
const FIRST_MARK = 0xf_0000;
/** What each of them looks like in UTF-8: four bytes, the first two of them these. */
const LEADS: readonly number[] = [0xf3, 0xf4];

/**
 * The book of all edits, kept outside of the system: every edit inserts characters that occur nowhere else, and the
 * ledger knows who inserted each, whether anybody deleted it, whether it was acknowledged, and whether a device has
 * taken it down so that the death of a tab can't take it away.
 */
export class Ledger {
  readonly #marks = new Map<string, Mark>();
  readonly #edits = new Map<string, number>();
  /** How many of somebody's edits of a document, from the first on, a device holds. */
  readonly #stored = new Map<string, number>();
  readonly #last = new Map<string, string>();
  #next = FIRST_MARK;

  get marks(): ReadonlyMap<string, Mark> {
    return this.#marks;
  }

  /** A character that was never used before, for the next edit of this author. */
  unique(author: string, document: string): string {
    const mark = String.fromCodePoint(this.#next);
    this.#next += 1;
    const edit = this.edits(author, document) + 1;
    this.#last.set(bookOf(author, document), mark);
    this.#marks.set(mark, { author, document, edit, savedAt: undefined, deletedBy: new Map() });
    return mark;
  }

  /** How many edits somebody has made in a document. */
  edits(author: string, document: string): number {
    return this.#edits.get(bookOf(author, document)) ?? 0;
  }

  /** What somebody typed last and has not deleted; undefined: nothing. */
  newestMark(author: string, document: string): Mark | undefined {
    const last = this.#last.get(bookOf(author, document));
    const mark = last === undefined ? undefined : this.#marks.get(last);
    return mark?.deletedBy.has(author) === true ? undefined : mark;
  }

  /** Notes an edit, and what it takes away. @param before the text it was made on */
  edited(author: string, document: string, operation: Operation, before: string): void {
    const edit = this.edits(author, document) + 1;
    this.#edits.set(bookOf(author, document), edit);
    let position = 0;
    for (const part of operation) {
      if (isInsert(part)) continue;
      const length = isDelete(part) ? part.delete : part.retain;
      if (isDelete(part)) this.#deleted(author, edit, before.slice(position, position + length));
      position += length;
    }
  }

  /** The author was told that these are durable, when the disk was at this version. */
  saved(marks: Iterable<string>, version: number): void {
    for (const character of marks) {
      const mark = this.#marks.get(character);
      if (mark !== undefined) mark.savedAt ??= version;
    }
  }

  /**
   * This has become durable on a device: with a mark, all edits up to the one that typed it have, since a journal is
   * written in order.
   */
  stored(bytes: Uint8Array): void {
    for (const character of marksIn(bytes)) {
      const mark = this.#marks.get(character);
      if (mark === undefined) continue;
      const book = bookOf(mark.author, mark.document);
      this.#stored.set(book, Math.max(mark.edit, this.#stored.get(book) ?? 0));
    }
  }

  /** No device holds anything of these edits any more. */
  released(author: string, document: string): void {
    this.#stored.delete(bookOf(author, document));
  }

  /** True when a device holds that edit: it must be in the document when all is over, whatever became of its tab. */
  holds(author: string, document: string, edit: number): boolean {
    return edit <= (this.#stored.get(bookOf(author, document)) ?? 0);
  }

  #deleted(author: string, edit: number, text: string): void {
    for (const character of text) {
      const mark = this.#marks.get(character);
      if (mark !== undefined && !mark.deletedBy.has(author)) mark.deletedBy.set(author, edit);
    }
  }
}

/** True for characters of the ledger. */
export const isMark = (character: string): boolean => (character.codePointAt(0) ?? 0) >= FIRST_MARK;

const bookOf = (author: string, document: string): string => `${author} ${document}`;

/** The characters of the ledger in a record, whatever its format: text is UTF-8 in all of them. */
function* marksIn(bytes: Uint8Array): Iterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: false });
  for (let index = 0; index + 4 <= bytes.length; index += 1) {
    if (!LEADS.includes(bytes[index] ?? 0)) continue;
    const character = decoder.decode(bytes.subarray(index, index + 4));
    if (character.length === 2 && isMark(character)) yield character;
  }
}
