import type { Attributes } from "@tutti/ot";
import { Fragment, type Mark, type Node, type ResolvedPos, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { blockShape, NO_ATTRIBUTES } from "./block.js";
import { attributesOf, tuttiSchema } from "./schema.js";

/** Plain text has one line per block, both ways; what is pasted into code becomes code. */
export function clipboard(): Plugin {
  return new Plugin({
    props: {
      clipboardTextParser: (text, $context) => linesAsSlice(text, shapeAt($context), $context.marks()),
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, "\n"),
      transformPasted: (slice, view) => {
        const attributes = shapeAt(view.state.selection.$from);
        return attributes === NO_ATTRIBUTES ? slice : asCode(slice, attributes);
      },
    },
  });
}

/** Text as blocks; its ends join with the text around the place where it goes. */
export function linesAsSlice(text: string, attributes: Attributes, marks: readonly Mark[]): Slice {
  const blocks = text
    .split(/\r\n?|\n/)
    .map((line) => tuttiSchema.nodes.block.create({ attributes }, line === "" ? [] : tuttiSchema.text(line, marks)));
  return new Slice(Fragment.from(blocks), 1, 1);
}

/** The attributes of the code block that a position is in; none elsewhere: what is pasted there brings its own. */
function shapeAt($position: ResolvedPos): Attributes {
  const attributes = $position.parent.isTextblock ? attributesOf($position.parent) : NO_ATTRIBUTES;
  return blockShape(attributes).kind === "code" ? attributes : NO_ATTRIBUTES;
}

function asCode(slice: Slice, attributes: Attributes): Slice {
  const plain = (inline: Node): Node => inline.mark([]);
  const line = (node: Node): Node =>
    node.isTextblock ? node.type.create({ attributes }, node.children.map(plain)) : plain(node);
  return new Slice(Fragment.from(slice.content.content.map(line)), slice.openStart, slice.openEnd);
}
