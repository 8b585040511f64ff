import type { Attributes } from "./attributes.js";
import { checksumOf, EMPTY_HASH } from "./checksum.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import { type Component, componentLength, isDelete, isInsert, type Operation, OperationBuilder } from "./operation.js";
import { parseDocument } from "./parse.js";
import { format, join, leafAt, leaves, type MaybeTree, split, treeOf } from "./tree.js";
import { loneSurrogateAt, splitsSurrogatePair } from "./unicode.js";

/** Stands for one embed in plain text, so that positions in the text are positions in the document. */
export const EMBED_CHARACTER = "\uFFFC";

/**
 * An immutable version of a document. `apply` returns a new one that shares all that did not change with the old one,
 * so keeping old versions is nearly free. Positions count UTF-16 code units from 0; an embed counts one.
 */
export class Document {
  static readonly empty = new Document(undefined);
  readonly #root: MaybeTree;

  private constructor(root: MaybeTree) {
    this.#root = root;
  }

  /**
   * A document from a Delta that holds inserts only.
   * @throws OperationError as `parseDocument`
   */
  static fromDelta(delta: unknown): Document {
    return Document.fromOperation(parseDocument(delta));
  }

  /** A document from trusted content in normal form (inserts only): not validated again. */
  static fromOperation(content: Operation): Document {
    return new Document(joinInserts(content, 0, content.length));
  }

  /** Length in UTF-16 units. */
  get length(): number {
    return this.#root?.length ?? 0;
  }

  /** Depends on the content alone, never on the history (E9): an integer below 2^52; 0 for the empty document. */
  get checksum(): number {
    return checksumOf(this.#root?.hash ?? EMPTY_HASH);
  }

  /**
   * The document after an operation; this one stays as it is. O(components · log n).
   * @throws OperationError naming the first offending component: `malformed` for what is no operation,
   *   `out_of_range` when it reaches behind the end, `lone_surrogate` in inserted text, `surrogate_split` when it would
   *   tear a surrogate pair of the document
   */
  apply(operation: Operation): Document {
    const parts = normalForm(operation);
    checkReach(operation, this.length);
    let done: MaybeTree;
    let rest = this.#root;
    let position = 0;
    for (const [index, part] of parts.entries()) {
      if (isInsert(part)) {
        done = join(done, treeOf(part.insert, part.attributes));
        continue;
      }
      const length = componentLength(part);
      position += length;
      this.#checkCut(position, index);
      const [covered, behind] = split(rest, length);
      rest = behind;
      if (!isDelete(part)) {
        done = join(done, part.attributes === undefined ? covered : format(covered, part.attributes));
      }
    }
    return new Document(join(done, rest));
  }

  /** The content as a Delta of inserts, in normal form. */
  toDelta(): Operation {
    return this.slice(0, this.length);
  }

  /**
   * The content of [from, to) as a Delta of inserts; a range that reaches over an end is cut there.
   * @throws OperationError `surrogate_split` when an end of the range tears a surrogate pair
   */
  slice(from: number, to: number): Operation {
    this.#checkCut(from);
    this.#checkCut(to);
    const [upTo] = split(this.#root, to);
    const [, wanted] = split(upTo, from);
    return toInserts(wanted);
  }

  /** The plain text; an embed shows as `EMBED_CHARACTER`, so that positions agree. */
  text(): string {
    const pieces: string[] = [];
    for (const run of leaves(this.#root)) pieces.push(typeof run.content === "string" ? run.content : EMBED_CHARACTER);
    return pieces.join("");
  }

  #checkCut(position: number, component?: number): void {
    if (this.#root === undefined || position <= 0 || position >= this.length) return;
    const { leaf, offset } = leafAt(this.#root, position);
    if (typeof leaf.content === "string" && splitsSurrogatePair(leaf.content, offset)) {
      throw new OperationError("surrogate_split", `position ${position} is inside a surrogate pair`, component);
    }
  }
}

/** All that can be said against an operation in front of a document of `length` units before it is applied. */
function checkReach(operation: Operation, length: number): void {
  let reached = 0;
  for (const [index, part] of operation.entries()) {
    if (isInsert(part)) {
      if (typeof part.insert !== "string" || loneSurrogateAt(part.insert) < 0) continue;
      throw new OperationError("lone_surrogate", "the text holds half a surrogate pair", index);
    }
    reached += componentLength(part);
    if (reached <= length) continue;
    throw new OperationError("out_of_range", `reaches ${reached} in a document of ${length}`, index);
  }
}

function toInserts(tree: MaybeTree): Operation {
  const out = new OperationBuilder();
  let pieces: string[] = [];
  let attributes: Attributes | undefined;
  const flush = (): void => {
    out.insert(pieces.join(""), attributes);
    pieces = [];
  };
  for (const run of leaves(tree)) {
    if (run.attributes !== attributes) flush();
    attributes = run.attributes;
    if (typeof run.content === "string") {
      pieces.push(run.content);
    } else {
      flush();
      out.insert(run.content, attributes);
    }
  }
  flush();
  return out.build();
}

/** Halves first, so that the tree of a long content is built in linear time. */
function joinInserts(content: readonly Component[], from: number, to: number): MaybeTree {
  if (to - from > 1) {
    const middle = (from + to) >>> 1;
    return join(joinInserts(content, from, middle), joinInserts(content, middle, to));
  }
  const part = content[from];
  return part !== undefined && isInsert(part) ? treeOf(part.insert, part.attributes) : undefined;
}
