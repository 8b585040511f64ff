import type { Attributes } from "./attributes.js";
import { OperationError } from "./errors.js";
import { normalForm } from "./normal-form.js";
import { componentLength, type Embed, isDelete, isInsert, type Operation, OperationBuilder } from "./operation.js";
import { parseDocument } from "./parse.js";
import { type Section, sectionsOf, treeOfSections } from "./sections.js";
import { readSplice } from "./splice.js";
import { formatRange, insertAt, leavesOf, removeRange, treeOfLeaves } from "./tree.js";
import { checksumOf, type Leaf, type MaybeTree, type Tree } from "./tree-node.js";
import { type ContentRun, leafAt, newlinesUpTo, positionBehindNewline, runsOf } from "./tree-read.js";
import { spliceLeaf } from "./tree-splice.js";
import { loneSurrogateAt, splitsSurrogatePair } from "./unicode.js";

/** Stands for one embed in plain text, so that positions in the text are positions in the document. */
export const EMBED_CHARACTER = "\uFFFC";

/**
 * An immutable version of a document. `apply` returns a new one that shares all that did not change with the old one,
 * so keeping old versions is nearly free. Positions count UTF-16 code units from 0; an embed counts one. Lines end with
 * "\n" and count from 0. n is the length of the document.
 */
export class Document {
  static readonly empty = new Document(undefined);
  readonly #root: MaybeTree;

  private constructor(root: MaybeTree) {
    this.#root = root;
  }

  /**
   * A document from a Delta that holds inserts only. O(n).
   * @throws OperationError as `parseDocument`
   */
  static fromDelta(delta: unknown): Document {
    return Document.fromOperation(parseDocument(delta));
  }

  /**
   * A document from trusted content in normal form: not validated again. O(n).
   * @throws OperationError `malformed` for a component that is no insert
   */
  static fromOperation(content: Operation): Document {
    const runs: Leaf[] = [];
    for (const [index, part] of content.entries()) {
      if (!isInsert(part)) throw new OperationError("malformed", "a document holds inserts only", index);
      for (const run of leavesOf(part.insert, part.attributes)) runs.push(run);
    }
    return new Document(treeOfLeaves(runs));
  }

  /** A document of these sections, one behind the other; it goes on sharing them. O(sections). */
  static fromSections(sections: readonly Section[]): Document {
    return new Document(treeOfSections(sections));
  }

  /** Length in UTF-16 units. O(1). */
  get length(): number {
    return this.#root?.length ?? 0;
  }

  /** One more than there are "\n" in the text: the empty document has one line. O(1). */
  get lineCount(): number {
    return (this.#root?.newlines ?? 0) + 1;
  }

  /**
   * Depends on the content alone, never on the history (E9): an integer below 2^52; 0 for the empty document. O(1) when
   * asked again; the first time O(what changed since a version that was asked).
   */
  get checksum(): number {
    return checksumOf(this.#root);
  }

  /**
   * The document after an operation; this one stays as it is. O(components · log n + text inserted or formatted).
   * @throws OperationError naming the first offending component: `malformed` for what is no operation,
   *   `out_of_range` when it reaches behind the end, `lone_surrogate` in inserted text, `surrogate_split` when it would
   *   tear a surrogate pair of the document
   */
  apply(operation: Operation): Document {
    const splice = this.#root === undefined ? undefined : readSplice(operation);
    if (this.#root !== undefined && splice !== undefined) {
      const root = spliceLeaf(this.#root, splice.at, splice.removed, splice.text, splice.attributes);
      if (root !== undefined) return new Document(root);
    }
    return new Document(applyAll(this.#root, operation));
  }

  /** The content as a Delta of inserts, in normal form. O(n). */
  toDelta(): Operation {
    return toInserts(runsOf(this.#root, 0, this.length));
  }

  /**
   * The content of [from, to) as a Delta of inserts; a range that reaches over an end is cut there. O(log n + result).
   * @throws OperationError `surrogate_split` when an end of the range tears a surrogate pair
   */
  slice(from: number, to: number): Operation {
    checkCut(this.#root, from);
    checkCut(this.#root, to);
    return toInserts(runsOf(this.#root, from, to));
  }

  /** The plain text; an embed shows as `EMBED_CHARACTER`, so that positions agree. O(n). */
  text(): string {
    return this.textBetween(0, this.length);
  }

  /** `text().slice(from, to)` for `0 <= from <= to`, without the whole text. O(log n + result). */
  textBetween(from: number, to: number): string {
    const pieces: string[] = [];
    for (const { content } of runsOf(this.#root, from, to)) {
      pieces.push(typeof content === "string" ? content : EMBED_CHARACTER);
    }
    return pieces.join("");
  }

  /** `text().charCodeAt(index)`, without the whole text: NaN outside of the document. O(log n). */
  charCodeAt(index: number): number {
    if (this.#root === undefined || !(index >= 0 && index < this.length)) return Number.NaN;
    const { leaf, offset } = leafAt(this.#root, index);
    return typeof leaf.content === "string" ? leaf.content.charCodeAt(offset) : EMBED_CHARACTER.charCodeAt(0);
  }

  /**
   * The content of [from, to) from left to right, piece by piece, without laying it out anywhere: one run of a Delta may
   * come in several pieces with equal attributes. O(log n) to the first, then O(1) each.
   */
  runs(from = 0, to = this.length): IterableIterator<ContentRun> {
    return runsOf(this.#root, from, to);
  }

  /**
   * The content as sections from left to right, for whoever stores versions: `Document.fromSections` of them is this
   * document. None for the empty document. O(sections).
   */
  sections(): IterableIterator<Section> {
    return sectionsOf(this.#root);
  }

  /**
   * The line (from 0) of the unit at `index`; a "\n" belongs to the line that it ends. O(log n).
   * @param index 0 to `length`; what is outside counts as the nearest end
   */
  lineAt(index: number): number {
    return newlinesUpTo(this.#root, index);
  }

  /**
   * Position of the first unit of a line, O(log n): `lineAt(lineStart(line))` is `line`.
   * @throws OperationError `out_of_range` for what is no line of the document
   */
  lineStart(line: number): number {
    if (!Number.isInteger(line) || line < 0 || line >= this.lineCount) {
      throw new OperationError("out_of_range", `line ${line} of ${this.lineCount}`);
    }
    return this.#root === undefined || line === 0 ? 0 : positionBehindNewline(this.#root, line);
  }
}

/** Any operation, component by component; the ends of components are checked against the document as it was. */
function applyAll(before: MaybeTree, operation: Operation): MaybeTree {
  const parts = normalForm(operation);
  checkReach(operation, before?.length ?? 0);
  let root = before;
  let position = 0;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const length = componentLength(part);
    if (isInsert(part)) {
      root = insert(root, at, part.insert, part.attributes);
      at += length;
      continue;
    }
    position += length;
    checkCut(before, position, index);
    if (isDelete(part)) {
      // There is a tree: the operation doesn't reach behind the end, and this is not empty.
      root = remove(root as Tree, at, length);
      continue;
    }
    if (part.attributes !== undefined) root = formatRange(root, at, at + length, part.attributes);
    at += length;
  }
  return root;
}

function checkCut(root: MaybeTree, position: number, component?: number): void {
  if (root === undefined || position <= 0 || position >= root.length) return;
  const { leaf, offset } = leafAt(root, position);
  if (typeof leaf.content === "string" && splitsSurrogatePair(leaf.content, offset)) {
    throw new OperationError("surrogate_split", `position ${position} is inside a surrogate pair`, component);
  }
}

function insert(root: MaybeTree, at: number, content: string | Embed, attributes: Attributes | undefined): MaybeTree {
  const simple = typeof content === "string" && root !== undefined;
  return (simple ? spliceLeaf(root, at, 0, content, attributes) : undefined) ?? insertAt(root, at, content, attributes);
}

function remove(root: Tree, at: number, length: number): MaybeTree {
  return spliceLeaf(root, at, length, "", undefined) ?? removeRange(root, at, at + length);
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

function toInserts(runs: Iterable<ContentRun>): Operation {
  const out = new OperationBuilder();
  let pieces: string[] = [];
  let attributes: Attributes | undefined;
  const flush = (): void => {
    out.insert(pieces.join(""), attributes);
    pieces = [];
  };
  for (const run of runs) {
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
