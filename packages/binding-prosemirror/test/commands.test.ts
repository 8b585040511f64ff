import { Document, type Operation } from "@tutti/ot";
import { LocalDocument } from "@tutti/testkit";
import type { Command } from "prosemirror-state";
import { TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { editingKeys } from "../src/editing.js";
import {
  activeFormats,
  clearFormatting,
  indentBlocks,
  insertDivider,
  insertImage,
  positionOf,
  removeLink,
  setHeading,
  setLink,
  toggleCheck,
  toggleCodeBlock,
  toggleFormat,
  toggleList,
  toggleQuote,
} from "../src/index.js";
import { TestEditor } from "./test-editor.js";

/** An editor with the selection from one index of the text to another. */
function editorOn(content: Operation, anchor = 0, head = anchor): { editor: TestEditor; doc: LocalDocument } {
  const doc = new LocalDocument(Document.fromDelta(content));
  const editor = TestEditor.on(doc);
  select(editor, anchor, head);
  return { editor, doc };
}

function select(editor: TestEditor, anchor: number, head = anchor): void {
  const { doc } = editor.state;
  editor.dispatch(
    editor.state.tr.setSelection(TextSelection.create(doc, positionOf(doc, anchor), positionOf(doc, head))),
  );
}

/** Runs a command (or presses a key) on content and tells the content after it. */
function run(command: Command | string, content: Operation, anchor = 0, head = anchor): Operation {
  const { editor, doc } = editorOn(content, anchor, head);
  const todo = typeof command === "string" ? editingKeys[command] : command;
  todo?.(editor.state, editor.dispatch, editor.asView());
  return doc.content();
}

const line = (text: string, attributes: Record<string, string | number | boolean>): Operation => [
  { insert: text },
  { insert: "\n", attributes },
];

describe("block commands", () => {
  it.each<[string, Command, Record<string, string | number | boolean>]>([
    ["heading", setHeading(2), { header: 2 }],
    ["bullet list", toggleList("bullet"), { list: "bullet" }],
    ["check list", toggleList("unchecked"), { list: "unchecked" }],
    ["quote", toggleQuote(), { blockquote: true }],
    ["code", toggleCodeBlock(), { "code-block": true }],
  ])("%s: on, and other shapes go", (_name, command, attributes) => {
    expect(run(command, [{ insert: "a" }])).toEqual(line("a", attributes));
    expect(run(command, line("a", { header: 1, align: "right" }))).toEqual(
      line("a", { ...attributes, align: "right" }),
    );
  });

  it("toggles off what is on everywhere in the selection", () => {
    expect(run(toggleList("bullet"), line("a", { list: "bullet" }))).toEqual([{ insert: "a\n" }]);
    expect(run(toggleList("checked"), line("a", { list: "unchecked" }))).toEqual([{ insert: "a\n" }]);
    expect(run(toggleQuote(), line("a", { blockquote: true }))).toEqual([{ insert: "a\n" }]);
    const mixed = [...line("a", { list: "bullet" }), { insert: "b\n" }];
    expect(run(toggleList("bullet"), mixed, 0, 3)).toEqual([
      ...line("a", { list: "bullet" }),
      ...line("b", { list: "bullet" }),
    ]);
    expect(run(setHeading(null), line("a", { header: 3 }))).toEqual([{ insert: "a\n" }]);
  });

  it("ticks and unticks", () => {
    expect(run(toggleCheck(), line("a", { list: "unchecked" }))).toEqual(line("a", { list: "checked" }));
    expect(run(toggleCheck(), line("a", { list: "checked" }))).toEqual(line("a", { list: "unchecked" }));
    const { editor } = editorOn([{ insert: "a" }]);
    expect(toggleCheck()(editor.state)).toBe(false);
  });

  it("indents up to 8 and back to none", () => {
    expect(run(indentBlocks(1), line("a", { list: "bullet" }))).toEqual(line("a", { list: "bullet", indent: 1 }));
    expect(run(indentBlocks(-1), line("a", { list: "bullet", indent: 1 }))).toEqual(line("a", { list: "bullet" }));
    const { editor } = editorOn(line("a", { indent: 8 }));
    expect(indentBlocks(1)(editor.state)).toBe(false);
  });

  it("are undo steps of their own", () => {
    const { editor, doc } = editorOn([{ insert: "a" }]);
    setHeading(1)(editor.state, editor.dispatch);
    expect(doc.edits.at(-1)?.options.undo).toBe("separate");
  });
});

describe("mark commands", () => {
  it("toggles on the selection, or for what is typed next", () => {
    expect(run(toggleFormat("bold"), [{ insert: "abc" }], 0, 2)).toEqual([
      { insert: "ab", attributes: { bold: true } },
      { insert: "c" },
    ]);
    expect(run("Mod-b", [{ insert: "ab", attributes: { bold: true } }], 0, 2)).toEqual([{ insert: "ab" }]);
    const { editor, doc } = editorOn([{ insert: "a" }], 1);
    toggleFormat("italic")(editor.state, editor.dispatch);
    expect(activeFormats(editor.state).marks).toEqual(new Set(["italic"]));
    editor.dispatch(editor.state.tr.insertText("b"));
    expect(doc.content()).toEqual([{ insert: "a" }, { insert: "b", attributes: { italic: true } }]);
  });

  it("removes all formats that this client knows, and no other", () => {
    const content = [{ insert: "ab", attributes: { bold: true, link: "https://a.org", comment: 7 } }];
    expect(run(clearFormatting(), content, 0, 2)).toEqual([{ insert: "ab", attributes: { comment: 7 } }]);
  });

  it.each(["https://example.org/a?b#c", "HTTP://example.org", "mailto:someone@example.org"])("links to %s", (href) => {
    expect(run(setLink(href), [{ insert: "ab" }], 0, 2)).toEqual([{ insert: "ab", attributes: { link: href } }]);
  });

  it.each([
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "data:text/html,x",
    "//example.org",
    "/path",
    "",
    "file:///etc/passwd",
    "https://a b",
    "vbscript:x",
  ])("does not link to %j", (href) => {
    const { editor, doc } = editorOn([{ insert: "ab" }], 0, 2);
    expect(setLink(href)(editor.state, editor.dispatch)).toBe(false);
    expect(doc.edits).toEqual([]);
  });

  it("changes and removes the whole link at the caret", () => {
    const link = (text: string, href: string) => ({ insert: text, attributes: { link: href } });
    const content = [{ insert: "x" }, link("abc", "https://a.org"), link("d", "https://d.org")];
    expect(run(setLink("https://b.org"), content, 2)).toEqual([
      { insert: "x" },
      link("abc", "https://b.org"),
      link("d", "https://d.org"),
    ]);
    expect(run(removeLink(), content, 4)).toEqual([{ insert: "xabc" }, link("d", "https://d.org")]);
    expect(activeFormats(editorOn(content, 2).editor.state).link).toBe("https://a.org");
    expect(removeLink()(editorOn(content, 0).editor.state)).toBe(false);
  });

  it("tells shape and indentation of the block", () => {
    const { editor } = editorOn(line("a", { list: "ordered", indent: 2 }));
    expect(activeFormats(editor.state)).toMatchObject({ block: { kind: "list", list: "ordered" }, indent: 2 });
  });
});

describe("Enter", () => {
  it("goes on with the same in lists, quotes and code; a ticked item with one that is not", () => {
    expect(run("Enter", line("ab", { list: "bullet", indent: 1 }), 1)).toEqual([
      ...line("a", { list: "bullet", indent: 1 }),
      ...line("b", { list: "bullet", indent: 1 }),
    ]);
    expect(run("Enter", line("a", { list: "checked" }), 1)).toEqual([
      ...line("a", { list: "checked" }),
      { insert: "\n", attributes: { list: "unchecked" } },
    ]);
  });

  it("leaves a heading at its end, splits it in the middle, makes room in front of it at its start", () => {
    expect(run("Enter", line("ab", { header: 1 }), 2)).toEqual([...line("ab", { header: 1 }), { insert: "\n" }]);
    expect(run("Enter", line("ab", { header: 1 }), 1)).toEqual([
      ...line("a", { header: 1 }),
      ...line("b", { header: 1 }),
    ]);
    expect(run("Enter", line("ab", { header: 1 }), 0)).toEqual([
      { insert: "\nab" },
      { insert: "\n", attributes: { header: 1 } },
    ]);
  });

  it("in an empty item: one step out, then a paragraph", () => {
    const item = (attributes: Record<string, string | number>): Operation => [{ insert: "\n", attributes }];
    expect(run("Enter", item({ list: "bullet", indent: 1 }))).toEqual(item({ list: "bullet" }));
    expect(run("Enter", item({ list: "bullet" }))).toEqual([{ insert: "\n" }]);
  });

  it("in code: an empty last line leaves it, other empty lines don't", () => {
    const code = { "code-block": true };
    const content = [...line("a", code), { insert: "\n", attributes: code }, { insert: "end" }];
    expect(run("Enter", content, 2)).toEqual([...line("a", code), { insert: "\nend" }]);
    const inner = [{ insert: "\n", attributes: code }, ...line("b", code)];
    expect(run("Enter", inner, 0)).toEqual([{ insert: "\n\n", attributes: code }, ...line("b", code)]);
  });

  it("replaces what is selected", () => {
    expect(run("Enter", [{ insert: "abcd" }], 1, 3)).toEqual([{ insert: "a\nd" }]);
  });
});

describe("Backspace at the start of a block", () => {
  it("moves out, then makes a paragraph, then joins", () => {
    const nested = [{ insert: "x\n" }, ...line("a", { list: "bullet", indent: 1 })];
    expect(run("Backspace", nested, 2)).toEqual([{ insert: "x\na" }, { insert: "\n", attributes: { list: "bullet" } }]);
    expect(run("Backspace", [{ insert: "x\n" }, ...line("a", { list: "bullet" })], 2)).toEqual([{ insert: "x\na\n" }]);
    expect(run("Backspace", [{ insert: "x\na\n" }], 2)).toEqual([{ insert: "xa\n" }]);
    expect(run("Backspace", line("a", { header: 2 }), 0)).toEqual([{ insert: "a\n" }]);
  });

  it("takes the shape of the block before, unless that is empty", () => {
    expect(run("Backspace", [...line("T", { header: 1 }), { insert: "a\n" }], 2)).toEqual([
      ...line("Ta", { header: 1 }),
    ]);
    expect(run("Backspace", [{ insert: "\n", attributes: { header: 1 } }, { insert: "a\n" }], 1)).toEqual([
      { insert: "a\n" },
    ]);
  });

  it("joining the last block to a heading loses nothing", () => {
    expect(run("Backspace", [...line("T", { header: 1 }), { insert: "end" }], 2)).toEqual(line("Tend", { header: 1 }));
  });

  it("joins lines of code, and does nothing at the start of the document", () => {
    const code = { "code-block": true };
    expect(run("Backspace", [...line("a", code), ...line("b", code)], 2)).toEqual(line("ab", code));
    const { editor } = editorOn([{ insert: "a" }]);
    expect(editingKeys["Backspace"]?.(editor.state, editor.dispatch)).toBe(false);
  });
});

describe("Tab", () => {
  it("indents in lists, is a tab in code, and moves the focus elsewhere", () => {
    expect(run("Tab", line("a", { list: "bullet" }))).toEqual(line("a", { list: "bullet", indent: 1 }));
    expect(run("Tab", line("a", { "code-block": true }))).toEqual(line("\ta", { "code-block": true }));
    const { editor } = editorOn([{ insert: "a" }]);
    expect(editingKeys["Tab"]?.(editor.state, editor.dispatch)).toBe(false);
  });
});

describe("shortcuts", () => {
  const typed = (before: string, last: string, content: Operation = []): Operation => {
    const { editor, doc } = editorOn(before === "" ? content : [{ insert: before }, ...content], before.length);
    const { from, to } = editor.state.selection;
    const handled = editor.state.plugins.some((plugin) =>
      plugin.props.handleTextInput?.call(plugin, editor.asView(), from, to, last, () =>
        editor.state.tr.insertText(last),
      ),
    );
    if (!handled) editor.dispatch(editor.state.tr.insertText(last));
    return doc.content();
  };

  it.each<[string, string, Record<string, string | number | boolean>]>([
    ["##", " ", { header: 2 }],
    ["-", " ", { list: "bullet" }],
    ["*", " ", { list: "bullet" }],
    ["1.", " ", { list: "ordered" }],
    ["[ ]", " ", { list: "unchecked" }],
    ["[x]", " ", { list: "checked" }],
    [">", " ", { blockquote: true }],
    ["``", "`", { "code-block": true }],
  ])("%s%s", (before, last, attributes) => {
    expect(typed(before, last)).toEqual([{ insert: "\n", attributes }]);
  });

  it("do nothing inside text, or where the block has a shape already", () => {
    expect(typed("a #", " ")).toEqual([{ insert: "a # " }]);
    expect(typed("#", " ", [{ insert: "\n", attributes: { "code-block": true } }])).toEqual(
      line("# ", { "code-block": true }),
    );
  });
});

describe("objects", () => {
  const image = { image: "https://example.org/a.png" };
  const divider: Operation = [{ insert: { divider: true } }];

  it("an image goes where the selection is, with its description; not from an unsafe address, not into code", () => {
    expect(run(insertImage(image.image, "a cat"), [{ insert: "abc" }], 1, 2)).toEqual([
      { insert: "a" },
      { insert: image, attributes: { alt: "a cat" } },
      { insert: "c" },
    ]);
    expect(run(insertImage("javascript:alert(1)"), [{ insert: "a" }], 1)).toEqual([{ insert: "a" }]);
    const code = line("a", { "code-block": true });
    expect(run(insertImage(image.image), code, 1)).toEqual(code);
  });

  it.each<[string, Operation, number, Operation]>([
    ["an empty document", [], 0, [...divider, { insert: "\n" }]],
    ["the end", [{ insert: "ab" }], 2, [{ insert: "ab\n" }, ...divider, { insert: "\n" }]],
    ["the middle", [{ insert: "ab" }], 1, [{ insert: "a\n" }, ...divider, { insert: "\nb" }]],
    ["the start", [{ insert: "ab" }], 0, [...divider, { insert: "\nab" }]],
    [
      "a heading",
      line("ab", { header: 1 }),
      1,
      [...line("a", { header: 1 }), ...divider, { insert: "\nb" }, { insert: "\n", attributes: { header: 1 } }],
    ],
  ])("a divider has a block of its own: %s", (_name, content, at, wanted) => {
    const { editor, doc } = editorOn(content, at);
    insertDivider()(editor.state, editor.dispatch);
    expect(doc.content()).toEqual(wanted);
    const { $head } = editor.state.selection;
    expect([$head.parentOffset, $head.nodeBefore]).toEqual([0, null]);
  });
});
