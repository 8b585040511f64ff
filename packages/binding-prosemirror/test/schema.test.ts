import type { Attributes } from "@tutti/ot";
import type { DOMOutputSpec } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { linesAsSlice } from "../src/clipboard.js";
import { blockIndent, blockShape, documentFromDelta, safeHref, tuttiSchema } from "../src/index.js";

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

  it("list items carry their kind and indentation", () => {
    expect(drawnBlock({ list: "checked", indent: 20 })).toMatchObject([
      "p",
      { "data-list": "checked", "data-indent": "8" },
      0,
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

describe("pasted text", () => {
  it("becomes one block per line, whatever the line ends, with the shape of the place", () => {
    const slice = linesAsSlice("a\r\n\rb\nc", { "code-block": true }, []);
    expect(slice.content.content.map((block) => block.textContent)).toEqual(["a", "", "b", "c"]);
    expect([slice.openStart, slice.openEnd]).toEqual([1, 1]);
    for (const block of slice.content.content) expect(block.attrs["attributes"]).toEqual({ "code-block": true });
  });
});
