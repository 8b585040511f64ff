import {
  baseLength,
  componentLength,
  Document,
  diff,
  equalOperations,
  isDelete,
  isInsert,
  lengthDifference,
  type Operation,
  OperationBuilder,
} from "@tutti/ot";

/** Inserts at one place of a document. */
interface Block {
  readonly at: number;
  readonly content: Operation;
  readonly length: number;
}

/** A stretch of a document. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What is shorter than this may be the same by chance. */
export const SHORTEST_COPY = 16;
/** What is shorter must at least be such a part of what is missing. */
const LEAST_PART = 4;

/** What is still missing, and which stretches of the document, in order, are what came back. */
export interface Returned {
  /** Brings back the rest; it may also format what came back. */
  readonly rest: Operation;
  readonly ranges: readonly Range[];
}

/**
 * What is to be brought back, less what has come back already: the person undid the deletion, or somebody pasted the text
 * in again. Nobody wants it twice.
 *
 * @param back inserts only, made on `document`
 * @param origins as long as the document; units that are newer than the deletion have a format, `own` those of the person
 */
export function findReturned(back: Operation, document: Document, origins: Document): Returned {
  const rest = new OperationBuilder();
  const ranges: Range[] = [];
  const blocks = blocksOf(back);
  let reached = 0;
  for (const [index, block] of blocks.entries()) {
    const bounds = { from: reached, to: blocks[index + 1]?.at ?? document.length };
    const { range, operation } = missingOf(block, document, origins, bounds);
    rest.retain(range.from - reached);
    for (const part of operation) rest.push(part);
    // An operation does not say that it keeps what is at its end.
    rest.retain(range.to - range.from - baseLength(operation));
    reached = range.to;
    if (range.to > range.from) ranges.push(range);
  }
  return { rest: rest.build(), ranges };
}

/** What to do for a block, on a range of the document. */
function missingOf(
  block: Block,
  document: Document,
  origins: Document,
  bounds: Range,
): { readonly range: Range; readonly operation: Operation } {
  const place = { from: block.at, to: block.at };
  const copy = copyOf(block, document, origins, bounds);
  if (copy !== undefined) return { range: copy, operation: [] };
  const range = {
    from: startOf(origins, block.at, bounds.from, isOwn),
    to: endOf(origins, block.at, bounds.to, isOwn),
  };
  if (!isEnough(range.to - range.from, block.length)) return { range: place, operation: block.content };
  const operation = diff(document.slice(range.from, range.to), block.content);
  return operation.some(isDelete) ? { range: place, operation: block.content } : { range, operation };
}

/** A letter typed where a page was deleted is no part of the page that has come back. */
const isEnough = (own: number, missing: number): boolean =>
  own > 0 && (own >= SHORTEST_COPY || own * LEAST_PART >= missing);

/** Where the very same content stands right beside its place, and is new there. */
function copyOf(block: Block, document: Document, origins: Document, bounds: Range): Range | undefined {
  const { at, content, length } = block;
  if (length < SHORTEST_COPY) return undefined;
  const sides = [
    { from: at - length, to: at },
    { from: at, to: at + length },
  ];
  return sides.find(({ from, to }) => {
    if (from < bounds.from || to > bounds.to || endOf(origins, from, to, isNew) < to) return false;
    // The text first: where it is another one, the range may begin within a surrogate pair.
    const isSameText = document.textBetween(from, to) === Document.fromOperation(content).text();
    return isSameText && equalOperations(document.slice(from, to), content);
  });
}

type Test = (attributes: Readonly<Record<string, unknown>> | undefined) => boolean;
const isNew: Test = (attributes) => attributes !== undefined;
const isOwn: Test = (attributes) => attributes?.["own"] === true;

/** Where the units in front of a place that pass the test begin. */
function startOf(origins: Document, at: number, least: number, test: Test): number {
  let start = at;
  for (const run of origins.slice(least, at).toReversed()) {
    if (!isInsert(run) || !test(run.attributes)) break;
    start -= componentLength(run);
  }
  return start;
}

/** Where the units behind a place that pass the test end. */
function endOf(origins: Document, at: number, most: number, test: Test): number {
  let end = at;
  for (const run of origins.slice(at, most)) {
    if (!isInsert(run) || !test(run.attributes)) break;
    end += componentLength(run);
  }
  return end;
}

function blocksOf(back: Operation): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  for (const part of back) {
    if (!isInsert(part)) {
      at += componentLength(part);
      continue;
    }
    const last = blocks.at(-1);
    const content = last?.at === at ? [...last.content, part] : [part];
    if (last?.at === at) blocks.pop();
    blocks.push({ at, content, length: lengthDifference(content) });
  }
  return blocks;
}
