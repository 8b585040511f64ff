import { Document, normalise, type Operation } from "@tutti/ot";
import * as fc from "fast-check";
import { linesOf } from "../src/final-line.js";
import { type Formats, Shown } from "../src/shown.js";

const INLINE = 7;
const BLOCK = 11;
const SCOPES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ["bold", "italic", "code", "link", "color", "image", "mention", "size"].map((name) => [name, INLINE]),
  ),
  ...Object.fromEntries(["header", "list", "code-block", "blockquote", "indent", "align"].map((name) => [name, BLOCK])),
};
const WHITELISTS: Readonly<Record<string, readonly unknown[]>> = {
  indent: [1, 2, 3, 4, 5, 6, 7, 8],
  align: ["right", "center", "justify"],
  size: ["small", "large", "huge"],
};

/** The formats of a Quill, without a page. */
const registry: Formats = {
  query: (name, scope) => {
    if (SCOPES[name] !== scope) return null;
    const whitelist = WHITELISTS[name];
    return whitelist === undefined ? {} : { whitelist };
  },
};

export const shown = new Shown(registry, { INLINE, BLOCK }, ["mention"]);

/** All that Quill holds for a document. */
export const shownOf = (document: Document): Operation => shown.of(linesOf(document, 0, document.length + 1));

const attributes = fc.constantFrom(
  undefined,
  undefined,
  { bold: true },
  { bold: "very" },
  { mystery: { deep: [1] } },
  { color: "#FF0000", italic: true },
  { link: "javascript:alert(1)" },
  { header: 1 },
  { header: 9 },
  { list: "bullet", header: 2 },
  { "code-block": "ts", indent: 2 },
  { blockquote: true, align: "center" },
  { alt: "a", width: 3 },
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "bc", "\u{1F600}", "\u{1F601}", "a\nb").map((insert) => ({ insert })) },
  { weight: 3, arbitrary: fc.constant({ insert: "\n" }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        { chart: 1 },
        { image: "https://x.example/a.png" },
        { image: "x:y" },
        { mention: "Ann" },
        { divider: true },
      )
      .map((insert) => ({ insert })),
  },
);

/** Documents with all that Quill knows, doesn't know, or knows otherwise. */
export const documents: fc.Arbitrary<Document> = fc
  .array(
    fc
      .tuple(content, attributes)
      .map(([part, formats]) => (formats === undefined ? part : { ...part, attributes: formats })),
    { maxLength: 10 },
  )
  .map((parts) => Document.fromOperation(normalise(parts as Operation)));

/** Runs a property; a failure prints its seed and the smallest counterexample. */
export function check<T>(property: fc.IProperty<T>, runs = 500): void {
  const details = fc.check(property, { numRuns: runs });
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
}
