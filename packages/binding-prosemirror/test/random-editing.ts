import type { Attributes, Operation } from "@tutti/ot";
import * as fc from "fast-check";
import type { Slice } from "prosemirror-model";
import { type EditorState, NodeSelection, TextSelection, type Transaction } from "prosemirror-state";
import { documentFromDelta, tuttiSchema } from "../src/index.js";
import { marksFromAttributes } from "../src/marks.js";

/** What blocks may carry: shown, unknown, and shown wrongly. */
const BLOCKS: readonly Attributes[] = [
  {},
  {},
  { header: 1 },
  { header: 9 },
  { list: "bullet", indent: 2 },
  { list: "foo" },
  { list: "checked", align: "right" },
  { "code-block": true },
  { blockquote: true, bold: true },
];
const FORMATS: readonly Attributes[] = [
  {},
  {},
  { bold: true },
  { italic: true, link: "https://example.org" },
  { link: "javascript:alert(1)" },
  { colour: "red", comment: { ids: [1, 2] } },
  { bold: "very", code: true },
];
const SCRAPS = ["a", "a", "b", "word", " ", "\u{1F600}", "\u{1F601}", "\u{1D11E}x", "e\u0301"];
const EMBEDS = [{ image: "https://example.org/cat.png" }, { divider: true }, { formula: { tex: "x^2" } }];

export const blockAttributes = fc.constantFrom(...BLOCKS);
export const formats = fc.constantFrom(...FORMATS);

const insert = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...SCRAPS).map((text) => ({ text })) },
      { weight: 1, arbitrary: fc.constantFrom(...EMBEDS).map((embed) => ({ embed })) },
      { weight: 3, arbitrary: blockAttributes.map((block) => ({ block })) },
    ),
    formats,
  )
  .map(([content, attributes]) => {
    if ("block" in content) return { insert: "\n", attributes: content.block };
    return { insert: "text" in content ? content.text : content.embed, attributes };
  });

/** Rich content as a Delta of inserts, not in normal form. */
export const contents: fc.Arbitrary<Operation> = fc.array(insert, { maxLength: 12 });

/** One thing that code may do to an editor; places are parts of the document, 0 to 1. */
export interface Action {
  readonly kind: (typeof KINDS)[number];
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly content: Operation;
  readonly block: Attributes;
  readonly format: Attributes;
}

const KINDS = [
  "type",
  "type",
  "delete",
  "split",
  "join",
  "setBlock",
  "addMark",
  "removeMark",
  "replace",
  "replaceAll",
  "insertBlocks",
  "lines",
  "lineBreak",
  "embed",
  "move",
  "halfPair",
] as const;

const place = fc.double({ min: 0, max: 1, noNaN: true });
export const actions: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom(...KINDS),
  from: place,
  to: place,
  text: fc.constantFrom(...SCRAPS),
  content: contents,
  block: blockAttributes,
  format: formats,
});

/** Adds the steps of an action to a transaction. */
export function act(tr: Transaction, action: Action): Transaction {
  const size = tr.doc.content.size;
  const spot = (part: number): number => caretNear(tr, Math.round(part * size));
  const [from, to] = [spot(action.from), spot(action.to)].sort((a, b) => a - b) as [number, number];
  const $from = tr.doc.resolve(from);
  const slice = (): Slice => {
    const blocks = documentFromDelta(action.content);
    return blocks.slice(0, blocks.content.size);
  };
  switch (action.kind) {
    case "type":
      return tr.insertText(action.text, from);
    case "delete":
      return tr.delete(from, to);
    case "split":
      return tr.split(from, 1, [{ type: tuttiSchema.nodes.block, attrs: { attributes: action.block } }]);
    case "join":
      return $from.index(0) > 0 ? tr.join($from.before()) : tr;
    case "setBlock":
      return tr.setNodeMarkup($from.before(), null, { attributes: action.block });
    case "addMark":
      return marksFromAttributes(action.format).reduce((all, mark) => all.addMark(from, to, mark), tr);
    case "removeMark":
      return tr.removeMark(from, to);
    case "replace":
      return tr.replaceRange(from, to, slice());
    case "replaceAll":
      return tr.replaceWith(0, size, documentFromDelta(action.content).content);
    case "insertBlocks":
      return tr.insert($from.before(), documentFromDelta(action.content).content);
    case "lines":
      return tr.insertText(`${action.text}\n${action.text}\n`, from, to);
    case "lineBreak":
      return tr.replaceWith(from, to, tuttiSchema.nodes.lineBreak.create());
    case "embed":
      return tr.replaceWith(from, to, tuttiSchema.nodes.embed.create({ embed: { image: "dog.png" } }));
    case "move": {
      const moved = tr.doc.slice(from, to);
      const target = spot(1 - action.to);
      if (target >= from && target <= to) return tr;
      const steps = tr.steps.length;
      tr.delete(from, to);
      return tr.replace(tr.mapping.slice(steps).map(target), undefined, moved);
    }
    case "halfPair":
      return replaceHalf(tr, from);
  }
}

/** Turns one emoji into another by replacing half of its surrogate pair, as a careless DOM diff would. */
function replaceHalf(tr: Transaction, near: number): Transaction {
  const $near = tr.doc.resolve(near);
  const text = $near.parent.textBetween(0, $near.parent.content.size, undefined, "\uFFFC");
  const at = text.indexOf("\u{1F600}");
  if (at < 0) return tr;
  const half = $near.start() + at + 1;
  return tr.replaceWith(half, half + 1, tuttiSchema.text("\uDE02", tr.doc.nodeAt(half)?.marks ?? []));
}

/** A position inside a block that does not tear a surrogate pair apart. */
export function caretNear(tr: Transaction | EditorState, position: number): number {
  const $at = TextSelection.near(tr.doc.resolve(Math.min(position, tr.doc.content.size))).$head;
  const before = $at.parent.textBetween(0, $at.parentOffset, undefined, "\uFFFC");
  return /[\uD800-\uDBFF]$/.test(before) ? $at.pos - 1 : $at.pos;
}

/** A random selection of any kind. */
export function selectAt(tr: Transaction, anchor: number, head: number): Transaction {
  const spot = (part: number): number => caretNear(tr, Math.round(part * tr.doc.content.size));
  const [a, h] = [spot(anchor), spot(head)];
  const node = tr.doc.nodeAt(a);
  if (node !== null && NodeSelection.isSelectable(node) && !node.isText) {
    return tr.setSelection(NodeSelection.create(tr.doc, a));
  }
  return tr.setSelection(TextSelection.create(tr.doc, a, h));
}

/** Runs a property; a failure prints its seed and the smallest counterexample. */
export function check<T>(property: fc.IProperty<T>, runs = 300): void {
  const details = fc.check(property, { numRuns: runs });
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
}
