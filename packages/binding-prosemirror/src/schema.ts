import type { Attributes } from "@tutti/ot";
import { type DOMOutputSpec, type MarkSpec, type Node, type NodeSpec, Schema } from "prosemirror-model";
import { blockIndent, blockShape, type ListKind, NO_ATTRIBUTES } from "./block.js";
import { DIVIDER, drawEmbed } from "./embed.js";
import { blockAttributesFromDom, embedFromDom, imageFromDom, jsonObjectFromDom } from "./from-dom.js";
import { safeHref } from "./link.js";

/**
 * The flat schema. A document is a list of blocks; a block holds text and atoms. There is one node type for blocks:
 * its attribute `attributes` is exactly what stands on its "\n" in the Delta, so nothing can be lost or contradict
 * itself, and the shape (heading, list item …) is only how it is drawn. The text of a document never holds "\n".
 */
const block: NodeSpec = {
  group: "block",
  content: "inline*",
  attrs: { attributes: { default: NO_ATTRIBUTES } },
  parseDOM: [
    { tag: "[data-tutti-block]", priority: 60, getAttrs: (dom) => blockAttributesFromDom(dom) },
    { tag: "pre", preserveWhitespace: "full", getAttrs: (dom) => blockAttributesFromDom(dom) },
    ...["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "div"].map((tag) => ({
      tag,
      getAttrs: (dom: HTMLElement) => blockAttributesFromDom(dom),
    })),
  ],
  toDOM: (node) => drawBlock(attributesOf(node)),
};

/**
 * An object in the text. Images and dividers are drawn; all others are kept as they are, as a chip with the name of
 * their kind. `formats` is what Quill keeps on an image itself (`IMAGE_FORMATS`): a mark would spread to the text beside.
 */
const embed: NodeSpec = {
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,
  attrs: { embed: { default: { unknown: true } }, formats: { default: NO_ATTRIBUTES } },
  leafText: () => "\uFFFC",
  parseDOM: [
    { tag: "[data-tutti-embed]", priority: 60, getAttrs: (dom) => embedFromDom(dom) },
    { tag: "img[src]", getAttrs: (dom) => imageFromDom(dom) },
    { tag: "hr", getAttrs: () => ({ embed: DIVIDER }) },
  ],
  toDOM: (node) => drawEmbed(node),
};

/** Exists for an instant: the parser makes it of <br>, and the normaliser splits the block there. */
const lineBreak: NodeSpec = {
  group: "inline",
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  leafText: () => "\n",
  parseDOM: [{ tag: "br" }],
  toDOM: () => ["br"],
};

const link: MarkSpec = {
  attrs: { href: {} },
  inclusive: false,
  parseDOM: [{ tag: "a[href]", getAttrs: (dom) => linkFromDom(dom) }],
  toDOM: (mark) => {
    const href = safeHref(String(mark.attrs["href"]));
    if (href === undefined) return ["a", { class: "tutti-unsafe-link" }, 0];
    return ["a", { href, rel: "noopener noreferrer nofollow", target: "_blank" }, 0];
  },
};

const simpleMark = (tag: string, parseDOM: NonNullable<MarkSpec["parseDOM"]>): MarkSpec => ({
  parseDOM,
  toDOM: () => [tag, 0],
});

/** Carries all attributes of a run that this client cannot draw, exactly as they are. */
const unknown: MarkSpec = {
  attrs: { attributes: {} },
  parseDOM: [{ tag: "span[data-tutti-attributes]", getAttrs: (dom) => unknownFromDom(dom) }],
  toDOM: (mark) => ["span", { "data-tutti-attributes": JSON.stringify(mark.attrs["attributes"]) }, 0],
};

export const tuttiSchema = new Schema({
  nodes: { doc: { content: "block+" }, block, text: { group: "inline" }, embed, lineBreak },
  marks: {
    link,
    bold: simpleMark("strong", [
      { tag: "strong" },
      // Google Docs wraps everything it copies in <b style="font-weight: normal">.
      { tag: "b", getAttrs: (dom) => (dom.style.fontWeight === "normal" ? false : null) },
      { style: "font-weight", getAttrs: (value) => (/^(?:bold(?:er)?|[6-9]00)$/.test(value) ? null : false) },
    ]),
    italic: simpleMark("em", [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }]),
    underline: simpleMark("u", [{ tag: "u" }, { style: "text-decoration=underline" }]),
    strike: simpleMark("s", [{ tag: "s" }, { tag: "del" }, { style: "text-decoration=line-through" }]),
    code: simpleMark("code", [{ tag: "code", getAttrs: (dom) => (dom.closest("pre") === null ? null : false) }]),
    unknown,
  },
});

/** The attributes of a block, as they stand on its "\n". */
export function attributesOf(blockNode: Node): Attributes {
  return blockNode.attrs["attributes"] as Attributes;
}

function drawBlock(attributes: Attributes): DOMOutputSpec {
  const shape = blockShape(attributes);
  const indent = blockIndent(attributes);
  const marks: Record<string, string> = {};
  if (attributes !== NO_ATTRIBUTES) marks["data-tutti-block"] = JSON.stringify(attributes);
  if (indent > 0) marks["data-indent"] = String(indent);
  switch (shape.kind) {
    case "heading":
      return [`h${shape.level}`, marks, 0];
    case "list":
      return drawItem(shape.list, indent, marks);
    case "quote":
      return ["blockquote", marks, 0];
    case "code":
      return ["pre", { ...marks, spellcheck: "false" }, 0];
    default:
      return ["p", marks, 0];
  }
}

/**
 * Items stand side by side, without a list around them; but an item outside of a list is none for a screen reader. So
 * each is a list of one, which says how deep it lies.
 */
function drawItem(list: ListKind, indent: number, marks: Record<string, string>): DOMOutputSpec {
  const item: Record<string, string> = { role: "listitem", "aria-level": String(indent + 1) };
  if (list === "checked" || list === "unchecked") {
    item["aria-description"] = list === "checked" ? "checked" : "not checked";
  }
  return ["p", { ...marks, "data-list": list, role: "list" }, ["span", item, 0]];
}

function unknownFromDom(dom: HTMLElement) {
  const attributes = jsonObjectFromDom(dom, "data-tutti-attributes");
  return attributes === undefined ? false : { attributes };
}

function linkFromDom(dom: HTMLElement) {
  const href = safeHref(dom.getAttribute("href") ?? "");
  return href === undefined ? false : { href };
}
