import { type Attributes, type Embed, isInsert, type Operation, OperationBuilder } from "@tutti/ot";
import type { Node } from "prosemirror-model";
import { NO_ATTRIBUTES } from "./block.js";
import { embedOf, formatsOf, splitFormats } from "./embed.js";
import { attributesFromMarks, marksFromAttributes } from "./marks.js";
import { attributesOf, tuttiSchema } from "./schema.js";

/**
 * The rule: each "\n" ends a block and carries its attributes; the text behind the last "\n" is the last block, which
 * therefore has none. Every Delta document has exactly one ProseMirror document and the other way round, as long as the
 * last block is plain; `normaliser` sees to that.
 *
 * @param delta content as inserts, such as `DocumentHandle.content()`
 */
export function documentFromDelta(delta: Operation): Node {
  return tuttiSchema.nodes.doc.create(null, blocksFromDelta(delta, true));
}

/**
 * The content of a ProseMirror document as a Delta of inserts. A last block with attributes counts as if an empty
 * paragraph followed: its "\n" is written.
 */
export function deltaFromDocument(document: Node): Operation {
  const out = new OperationBuilder();
  document.forEach((block, _offset, index) => {
    const isLast = index === document.childCount - 1;
    pushBlock(out, block, !isLast || !isPlain(block));
  });
  return out.build();
}

/**
 * The blocks that inserts make.
 * @param open true: what follows the last "\n" is one more block, even if it is empty; false: the inserts end with "\n"
 */
export function blocksFromDelta(delta: Operation, open: boolean): readonly Node[] {
  const blocks: Node[] = [];
  let inline: Node[] = [];
  const close = (attributes: Attributes): void => {
    blocks.push(tuttiSchema.nodes.block.create({ attributes }, inline));
    inline = [];
  };
  for (const part of delta) {
    if (!isInsert(part)) continue;
    if (typeof part.insert !== "string") {
      const { formats, rest } = splitFormats(part.attributes);
      inline.push(tuttiSchema.nodes.embed.create({ embed: part.insert, formats }, null, marksFromAttributes(rest)));
      continue;
    }
    const marks = marksFromAttributes(part.attributes);
    part.insert.split("\n").forEach((line, index) => {
      if (index > 0) close(part.attributes ?? NO_ATTRIBUTES);
      if (line !== "") inline.push(tuttiSchema.text(line, marks));
    });
  }
  if (open) close(NO_ATTRIBUTES);
  return blocks;
}

/** Writes the inline content of a block, and its "\n" where it has one. */
export function pushBlock(out: OperationBuilder, block: Node, newline: boolean): void {
  block.forEach((child) => {
    out.insert(contentOf(child), attributesOfInline(child));
  });
  if (newline) out.insert("\n", isPlain(block) ? undefined : attributesOf(block));
}

function attributesOfInline(inline: Node): Attributes | undefined {
  const marks = attributesFromMarks(inline.marks);
  return inline.type === tuttiSchema.nodes.embed ? { ...marks, ...formatsOf(inline) } : marks;
}

function contentOf(inline: Node): string | Embed {
  if (inline.isText) return inline.text ?? "";
  return inline.type === tuttiSchema.nodes.lineBreak ? "\n" : embedOf(inline);
}

/** True for a block without any attributes. */
export function isPlain(block: Node): boolean {
  return Object.keys(attributesOf(block)).length === 0;
}
