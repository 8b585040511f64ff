import {
  componentLength,
  compose,
  Document,
  invert,
  isDelete,
  isInsert,
  lengthDifference,
  type Operation,
  OperationBuilder,
  transform,
} from "@tutti/ot";
import { findReturned, SHORTEST_COPY } from "./returned-text.js";

/** What an operation is to whoever looks for the text that somebody deleted. */
export type Part =
  /** By the person, and what it deletes is looked for. */
  | "deletion"
  /** By the person, later: should they bring something back, it is not missing any more. */
  | "own"
  /** By somebody else. */
  | "other";

/** Formats of `#origins`: who wrote a unit since the deletions began. */
const ORIGINS = { deletion: { own: true }, own: { own: true }, other: { other: true } } as const;

/**
 * The text that one person deleted, followed through everything that came since (L4).
 *
 * `#back` leads from the document as it is to one in which that text still stands: it holds nothing but inserts. An edit
 * of others moves it, as it would move anybody's edit. Of an edit of the person, what it writes moves it likewise, and
 * what it deletes is put in front: first back what just went, then back what went before. So the order of what stood side
 * by side is never a question of ties, however many deletions there were.
 *
 * What the person wrote since the first deletion and deleted again is not missing: it was not there before.
 */
export class MissingText {
  #document: Document;
  /** As long as the document; the format of a unit tells who wrote it since the beginning, none that it is older. */
  #origins: Document;
  #back: Operation = [];

  /** @param before the content before the first deletion */
  constructor(before: Document) {
    this.#document = before;
    this.#origins = Document.fromOperation(before.length === 0 ? [] : [{ insert: "x".repeat(before.length) }]);
  }

  /** The next operation of the document. O(log n) for each component, and O(what is missing). */
  follow(operation: Operation, part: Part): void {
    if (part === "deletion") this.#followDeletion(operation);
    else this.#move(operation, part);
    if (operation.some((component) => isInsert(component) && componentLength(component) >= SHORTEST_COPY)) {
      this.#takeReturned();
    }
  }

  /** Brings back what is missing now, in the document as it is now; empty where nothing is. */
  get operation(): Operation {
    return findReturned(this.#back, this.#document, this.#origins).rest;
  }

  /** How many units are missing now. */
  get length(): number {
    return lengthDifference(this.operation);
  }

  #followDeletion(operation: Operation): void {
    const { writes, deletes } = apart(operation);
    this.#move(writes, "deletion");
    const { own, older } = this.#byAge(deletes);
    this.#move(own, "deletion");
    this.#back = compose(invert(older, this.#document), this.#back);
    this.#apply(older, "deletion");
  }

  /** What came back is old text again: should it be deleted once more, it is missing once more. */
  #takeReturned(): void {
    const { rest, ranges } = findReturned(this.#back, this.#document, this.#origins);
    if (ranges.length === 0) return;
    const formats = new OperationBuilder();
    let reached = 0;
    for (const { from, to } of ranges) {
      formats.retain(from - reached).retain(to - from, { own: null, other: null });
      reached = to;
    }
    this.#origins = this.#origins.apply(formats.build());
    this.#back = insertsOf(rest);
  }

  #move(operation: Operation, part: Part): void {
    // "keep": text comes back even where somebody typed the same.
    this.#back = transform(operation, this.#back, "before", { identical: "keep" });
    this.#apply(operation, part);
  }

  #apply(operation: Operation, part: Part): void {
    this.#document = this.#document.apply(operation);
    this.#origins = this.#origins.apply(asOrigins(operation, ORIGINS[part]));
  }

  /** Deletions, divided: of units that the person wrote since the beginning; and, after those, of all others. */
  #byAge(deletes: Operation): { readonly own: Operation; readonly older: Operation } {
    const [own, older] = [new OperationBuilder(), new OperationBuilder()];
    let position = 0;
    for (const part of deletes) {
      const end = position + componentLength(part);
      if (!isDelete(part)) {
        own.retain(end - position);
        older.retain(end - position);
      } else {
        for (const run of this.#origins.slice(position, end)) {
          const isOwn = isInsert(run) && run.attributes?.["own"] === true;
          if (isOwn) own.delete(componentLength(run));
          else {
            own.retain(componentLength(run));
            older.delete(componentLength(run));
          }
        }
      }
      position = end;
    }
    return { own: own.build(), older: older.build() };
  }
}

/** Without the formatting. */
function insertsOf(operation: Operation): Operation {
  const out = new OperationBuilder();
  for (const part of operation) {
    if (isInsert(part)) out.push(part);
    else out.retain(componentLength(part));
  }
  return out.build();
}

/** An operation as two, one made on what the other leaves: what it writes and formats, then what it deletes. */
function apart(operation: Operation): { readonly writes: Operation; readonly deletes: Operation } {
  const [writes, deletes] = [new OperationBuilder(), new OperationBuilder()];
  for (const part of operation) {
    const length = componentLength(part);
    if (isDelete(part)) {
      writes.retain(length);
      deletes.push(part);
    } else {
      writes.push(part);
      deletes.retain(length);
    }
  }
  return { writes: writes.build(), deletes: deletes.build() };
}

function asOrigins(operation: Operation, attributes: Readonly<Record<string, boolean>>): Operation {
  const out = new OperationBuilder();
  for (const part of operation) {
    const length = componentLength(part);
    if (isDelete(part)) out.push(part);
    else if (isInsert(part)) out.insert("x".repeat(length), attributes);
    else out.retain(length);
  }
  return out.build();
}
