import { isDelete, isInsert, type Operation } from "@tutti/ot";

/** What became of one unique character. */
export interface Mark {
  readonly author: string;
  readonly document: string;
  /** The version that was durable when its author was told that it is saved; undefined: never told. */
  savedAt: number | undefined;
  /** Who deleted it, or took its insert back. */
  readonly deletedBy: Set<string>;
}

/** Unique characters come from here on: the private use planes, so that each is a surrogate pair. */
const FIRST_MARK = 0xf_0000;

/**
 * The book of all edits, kept outside of the system: every edit inserts characters that occur nowhere else, and the
 * ledger knows who inserted each, whether anybody deleted it, and whether it was acknowledged.
 */
export class Ledger {
  readonly #marks = new Map<string, Mark>();
  #next = FIRST_MARK;

  get marks(): ReadonlyMap<string, Mark> {
    return this.#marks;
  }

  /** A character that was never used before. */
  unique(author: string, document: string): string {
    const mark = String.fromCodePoint(this.#next);
    this.#next += 1;
    this.#marks.set(mark, { author, document, savedAt: undefined, deletedBy: new Set() });
    return mark;
  }

  /** Notes what an edit of somebody takes away. @param before the text it was made on */
  deleted(author: string, operation: Operation, before: string): void {
    let position = 0;
    for (const part of operation) {
      if (isInsert(part)) continue;
      const length = isDelete(part) ? part.delete : part.retain;
      if (isDelete(part)) this.#deletedText(author, before.slice(position, position + length));
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

  #deletedText(author: string, text: string): void {
    for (const character of text) {
      this.#marks.get(character)?.deletedBy.add(author);
    }
  }
}

/** True for characters of the ledger. */
export const isMark = (character: string): boolean => (character.codePointAt(0) ?? 0) >= FIRST_MARK;
