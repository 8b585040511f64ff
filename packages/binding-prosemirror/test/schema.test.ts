import type { Attributes, Operation } from "@tutti/ot";
import type { DOMOutputSpec } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { linesAsSlice } from "../src/clipboard.js";
import {
  blockIndent,
  blockShape,
  deltaFromDocument,
  documentFromDelta,
  safeHref,
  safeImageSource,
  tuttiSchema,
} from "../src/index.js";

const drawnBlock = (attributes: Attributes): DOMOutputSpec | undefined => {
  const node = tuttiSchema.nodes.block.create({ attributes });
  return node.type.spec.toDOM?.(node);
};

describe("what is drawn", () => {
  it.each<[Attributes, string]>([
    [{}, "p"],
    [{ header: 3 }, "h3"],
    [{ header: 9 }, "p"],
    [{ header: "1" }, "p"],
    [{ list: "ordered" }, "p"],
    [{ list: "foo" }, "p"],
    [{ blockquote: true }, "blockquote"],
    [{ "code-block": "javascript" }, "pre"],
    [{ "code-block": true, header: 1 }, "pre"],
  ])("%j as %s", (attributes, tag) => {
    expect((drawnBlock(attributes) as readonly unknown[])[0]).toBe(tag);
  });

  it("a list item is one for screen readers too: in a list, with its depth and whether it is ticked", () => {
    expect(drawnBlock({ list: "checked", indent: 1 })).toMatchObject([
      "p",
      { role: "list" },
      ["span", { role: "listitem", "aria-level": "2", "aria-description": "checked" }, 0],
    ]);
  });

  it("list items carry their kind and indentation", () => {
    expect(drawnBlock({ list: "checked", indent: 20 })).toMatchObject([
      "p",
      { "data-list": "checked", "data-indent": "8" },
      ["span", {}, 0],
    ]);
    expect(blockShape({ list: "foo" }).kind).toBe("paragraph");
    expect([blockIndent({ indent: -1 }), blockIndent({ indent: "2" }), blockIndent({ indent: 1.5 })]).toEqual([
      0, 0, 0,
    ]);
  });

  it("a link that is not safe has no href", () => {
    const draw = (href: string) => {
      const mark = tuttiSchema.marks.link.create({ href });
      return mark.type.spec.toDOM?.(mark, true);
    };
    expect(draw("https://example.org")).toMatchObject(["a", { href: "https://example.org" }, 0]);
    for (const href of ["javascript:alert(1)", "\u0001javascript:alert(1)", "data:x", "/relative", "JaVaScRiPt:x"]) {
      expect(JSON.stringify(draw(href))).not.toContain("href");
      expect(safeHref(href)).toBeUndefined();
    }
  });

  it("an unknown embed shows its kind, as text", () => {
    const node = documentFromDelta([{ insert: { "<img onerror=x>": 1 } }]).nodeAt(1);
    expect(node?.type.spec.toDOM?.(node)).toMatchObject(["span", { class: "tutti-embed" }, "[<img onerror=x>]"]);
  });
});

describe("objects", () => {
  const draw = (content: Operation) => {
    const node = documentFromDelta(content).nodeAt(1);
    return node?.type.spec.toDOM?.(node);
  };

  it("draws an image with its description and size, and a divider", () => {
    const address = "https://example.org/a.png";
    const attributes = { alt: "a cat", width: "50%", height: "10; x" };
    expect(draw([{ insert: { image: address }, attributes }])).toMatchObject([
      "img",
      { src: address, alt: "a cat", width: "50%" },
    ]);
    expect(JSON.stringify(draw([{ insert: { image: address }, attributes }]))).not.toContain('"height":"10');
    expect(draw([{ insert: { divider: true } }])).toMatchObject(["span", { role: "separator" }]);
  });

  it("loads nothing from an address that is not safe", () => {
    const long = `data:image/png;base64,${"A".repeat(16_000)}`;
    for (const image of [
      "javascript:alert(1)",
      "data:image/svg+xml;base64,AAAA",
      "file:///etc/passwd",
      "cat.png",
      long,
    ]) {
      expect(draw([{ insert: { image } }])).toMatchObject(["span", { class: "tutti-embed" }, "[image]"]);
      expect(safeImageSource(image)).toBeUndefined();
    }
  });

  it("keeps what an image carries, and typing beside it does not spread it", () => {
    const content: Operation = [
      { insert: { image: "https://example.org/a.png" }, attributes: { alt: "a", bold: true, x: 1 } },
    ];
    expect(deltaFromDocument(documentFromDelta(content))).toEqual(content);
    const node = documentFromDelta(content).nodeAt(1);
    expect(node?.marks.map((mark) => mark.attrs["attributes"] ?? mark.type.name)).toEqual(["bold", { x: 1 }]);
  });
});

describe("pasted text", () => {
  it("becomes one block per line, whatever the line ends, with the shape of the place", () => {
    const slice = linesAsSlice("a\r\n\rb\nc", { "code-block": true }, []);
    expect(slice.content.content.map((block) => block.textContent)).toEqual(["a", "", "b", "c"]);
    expect([slice.openStart, slice.openEnd]).toEqual([1, 1]);
    for (const block of slice.content.content) expect(block.attrs["attributes"]).toEqual({ "code-block": true });
  });
});
