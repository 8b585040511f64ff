import { Document, diff, isInsert, lengthDifference, type Operation } from "@tutti/ot";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLACEHOLDER } from "../src/embed-blot.js";
import { wholeLines } from "../src/final-line.js";
import { editFromChange, editFromContents, opsFromOperation } from "../src/from-editor.js";
import { changeOfEditor } from "../src/to-editor.js";
import { check, documents, shown, shownOf } from "./formats.js";

const docOf = (content: Operation): Document => Document.fromDelta(content);
const afterEdit = (content: Operation, ops: unknown): Operation => {
  const before = docOf(content);
  return before.apply(editFromChange(before, ops)).toDelta();
};

describe("what Quill is given", () => {
  it("is the document and one line more, of the same length, whatever the document holds", () => {
    check(
      fc.property(documents, (document) => {
        const held = Document.fromOperation(shownOf(document));
        expect(held.length).toBe(document.length + 1);
        expect(held.charCodeAt(document.length)).toBe(10);
      }),
    );
  });

  it.each<[string, Operation, Operation]>([
    [
      "an unknown format",
      [{ insert: "a", attributes: { x: 1, bold: true } }],
      [{ insert: "a", attributes: { bold: true } }],
    ],
    ["a value that makes no sense", [{ insert: "a", attributes: { bold: "very" } }], [{ insert: "a" }]],
    [
      "a colour in another spelling",
      [{ insert: "a", attributes: { color: "#F0a" } }],
      [{ insert: "a", attributes: { color: "#ff00aa" } }],
    ],
    ["a link that leads nowhere safe", [{ insert: "a", attributes: { link: "javascript:x" } }], [{ insert: "a" }]],
    ["a format of lines on letters", [{ insert: "a", attributes: { header: 1 } }], [{ insert: "a" }]],
    ["an object that Quill doesn't know", [{ insert: { chart: 1 } }], [{ insert: { [PLACEHOLDER]: { chart: 1 } } }]],
    ["an object that the page knows", [{ insert: { mention: "A" } }], [{ insert: { mention: "A" } }]],
    ["an image from nowhere safe", [{ insert: { image: "x:y" } }], [{ insert: { [PLACEHOLDER]: { image: "x:y" } } }]],
  ])("%s", (_name, content, given) => {
    expect(shownOf(docOf(content))).toEqual(Document.fromDelta([...given, { insert: "\n" }]).toDelta());
  });

  it("has one shape per line, and no formats within code", () => {
    const line = (attributes: Record<string, string | number | boolean>): Operation => [
      { insert: "a", attributes: { bold: true } },
      { insert: { image: "https://x.example/a.png" } },
      { insert: "\n", attributes },
    ];
    expect(shown.of(line({ header: 1, list: "bullet", indent: 2 })).at(-1)).toEqual({
      insert: "\n",
      attributes: { header: 1, indent: 2 },
    });
    expect(shown.of(line({ "code-block": true, header: 1 }))).toEqual([
      { insert: "a" },
      { insert: { [PLACEHOLDER]: { image: "https://x.example/a.png" } } },
      { insert: "\n", attributes: { "code-block": true } },
    ]);
  });
});

describe("to Quill", () => {
  it("does to what Quill holds what the Delta does to the document", () => {
    check(
      fc.property(documents, documents, (before, after) => {
        const delta = diff(before, after);
        const change = changeOfEditor(before, after, delta, shown);
        expect(Document.fromOperation(shownOf(before)).apply(change).toDelta()).toEqual(shownOf(after));
        expect(lengthDifference(change)).toBe(lengthDifference(delta));
      }),
    );
  });

  it("what comes at the end of a line, or as a line, touches no other", () => {
    const before = docOf([{ insert: "one\ntwo\nthree" }]);
    expect([wholeLines(before, 4, 5), wholeLines(before, 0, 0), wholeLines(before, 13, 13)]).toEqual([
      { from: 4, to: 8 },
      { from: 0, to: 4 },
      { from: 8, to: 14 },
    ]);
    const delta: Operation = [{ retain: 7 }, { insert: "!" }];
    expect(changeOfEditor(before, before.apply(delta), delta, shown)).toEqual(delta);
  });
});

describe("from Quill", () => {
  it("what Quill shows after an edit is shown of the document after it; what it never showed stays", () => {
    check(
      fc.property(documents, documents, (before, target) => {
        const old = shownOf(before);
        const change = diff(old, shownOf(target));
        const after = before.apply(editFromChange(before, opsFromOperation(change)));
        const quill = Document.fromOperation(old).apply(change);
        expect(after.text()).toBe(quill.text().slice(0, after.length));
        expect(quill.length - after.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("typing leaves unknown formats and objects alone", () => {
    const content: Operation = [
      { insert: "ab", attributes: { mystery: 1 } },
      { insert: { chart: 1 }, attributes: { theme: "dark" } },
      { insert: "\n", attributes: { widget: 7 } },
    ];
    expect(afterEdit(content, [{ retain: 3 }, { insert: "!" }])).toEqual([
      ...content.slice(0, 2),
      { insert: "!" },
      ...content.slice(2),
    ]);
    expect(afterEdit(content, [{ retain: 2, attributes: { bold: true } }])).toEqual([
      { insert: "ab", attributes: { bold: true, mystery: 1 } },
      ...content.slice(1),
    ]);
  });

  it("an object that was cut comes back as itself when it is pasted", () => {
    const ops = [{ insert: { [PLACEHOLDER]: { chart: 1 } } }];
    expect(afterEdit([{ insert: "a" }], ops)).toEqual([{ insert: { chart: 1 } }, { insert: "a" }]);
  });

  it("the last line has no end of its own, until it says something", () => {
    expect(afterEdit([{ insert: "a" }], [{ retain: 1 }, { insert: "\n" }])).toEqual([{ insert: "a\n" }]);
    expect(afterEdit([{ insert: "a" }], [{ retain: 1 }, { retain: 1, attributes: { header: 1 } }])).toEqual([
      { insert: "a" },
      { insert: "\n", attributes: { header: 1 } },
    ]);
    expect(afterEdit([{ insert: "a\n" }], [{ retain: 1 }, { delete: 1 }])).toEqual([{ insert: "a" }]);
    expect(afterEdit([{ insert: "ab\ncd" }], [{ retain: 2 }, { delete: 3 }])).toEqual([{ insert: "ab" }]);
    expect(afterEdit([{ insert: "ab" }], [{ delete: 3 }, { insert: "\n" }])).toEqual([]);
  });

  it("a new shape takes the place of those that Quill did not show", () => {
    const content: Operation = [
      { insert: "a" },
      { insert: "\n", attributes: { header: 1, list: "bullet", widget: 7 } },
    ];
    const ops = [{ retain: 1 }, { retain: 1, attributes: { header: null, blockquote: true } }];
    expect(afterEdit(content, ops)).toEqual([
      { insert: "a" },
      { insert: "\n", attributes: { blockquote: true, widget: 7 } },
    ]);
  });

  it("code without a language is code", () => {
    const ops = [{ retain: 1 }, { retain: 1, attributes: { "code-block": "plain" } }];
    expect(afterEdit([{ insert: "a\n" }], ops)).toEqual([
      { insert: "a" },
      { insert: "\n", attributes: { "code-block": true } },
    ]);
  });

  it("never tears a surrogate pair apart", () => {
    const before = docOf([{ insert: "\u{1F600}" }]);
    const torn = [{ retain: 1 }, { insert: "\uDE01" }, { delete: 1 }];
    expect(() => editFromChange(before, torn)).toThrow();
    const edit = editFromContents(before, shownOf(before), [{ insert: "\u{1F601}\n" }]);
    expect(before.apply(edit).text()).toBe("\u{1F601}");
    expect(edit.every((part) => !isInsert(part) || part.insert === "\u{1F601}")).toBe(true);
  });
});
