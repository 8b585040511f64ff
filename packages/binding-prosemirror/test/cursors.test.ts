import { Document, type Operation } from "@tutti/ot";
import { LocalDocument } from "@tutti/testkit";
import { TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { cursorKey, safeColour } from "../src/cursors.js";
import { positionOf, undo } from "../src/index.js";
import { microtasks, TestEditor } from "./test-editor.js";

const docOf = (content: Operation): LocalDocument => new LocalDocument(Document.fromDelta(content));

const person = (client: string, cursor: { anchor: number; head: number } | null) => ({
  client,
  user: { id: client, name: `Name of ${client}` },
  colour: "#123456",
  cursor,
});

const placesOf = (editor: TestEditor) =>
  cursorKey.getState(editor.state)?.cursors.map(({ client, anchor, head, moves }) => [client, anchor, head, moves]);

const drawn = (editor: TestEditor) =>
  cursorKey
    .getState(editor.state)
    ?.decorations.find()
    .map(({ from, to }) => [from, to]);

const type = (editor: TestEditor, index: number, text: string): void =>
  editor.dispatch(editor.state.tr.insertText(text, positionOf(editor.state.doc, index)));

describe("remote cursors", () => {
  it("show caret and selection of who is somewhere, across blocks", async () => {
    const doc = docOf([{ insert: "one\ntwo" }]);
    const editor = TestEditor.on(doc);
    doc.presence.show([person("a", { anchor: 5, head: 1 }), person("b", null)]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 5, 1, 1]]);
    expect(drawn(editor)).toEqual(
      expect.arrayContaining([
        [2, 2],
        [2, 7],
      ]),
    );
    doc.presence.show([person("a", { anchor: 99, head: 99 })]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 99, 99, 2]]);
    expect(drawn(editor)).toEqual([[9, 9]]);
    doc.presence.show([]);
    await microtasks();
    expect(drawn(editor)).toEqual([]);
  });

  it("move with the text between two messages", async () => {
    const doc = docOf([{ insert: "hello" }]);
    const editor = TestEditor.on(doc);
    doc.presence.show([person("a", { anchor: 2, head: 2 })]);
    await microtasks();
    type(editor, 2, "mine");
    expect(placesOf(editor)).toEqual([["a", 2, 2, 1]]);
    doc.remote([{ retain: 2 }, { insert: "theirs" }]);
    expect(placesOf(editor)).toEqual([["a", 8, 8, 1]]);
    doc.remote([{ insert: "\n", attributes: { header: 1 } }]);
    expect(placesOf(editor)).toEqual([["a", 9, 9, 1]]);
    expect(drawn(editor)).toEqual([[11, 11]]);
  });

  it("are not drawn anew while an input method composes, but after it", async () => {
    const doc = docOf([{ insert: "hello" }]);
    const editor = TestEditor.on(doc);
    await microtasks();
    editor.composing = true;
    doc.presence.show([person("a", { anchor: 2, head: 2 })]);
    await microtasks();
    expect(placesOf(editor)).toEqual([]);
    editor.composing = false;
    type(editor, 0, "x");
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 2, 2, 1]]);
  });

  it("tell the others where I am: after my own moves and edits, not after theirs", () => {
    const doc = docOf([{ insert: "one\ntwo" }]);
    const editor = TestEditor.on(doc);
    const { doc: content, tr } = editor.state;
    editor.dispatch(tr.setSelection(TextSelection.create(content, positionOf(content, 4), positionOf(content, 6))));
    doc.remote([{ insert: "R" }]);
    type(editor, 0, "X");
    undo(editor.state, editor.dispatch);
    expect(doc.presence.told).toEqual([
      { anchor: 4, head: 6 },
      { anchor: 6, head: 8 },
      { anchor: 0, head: 0 },
    ]);
  });
});

describe("safeColour", () => {
  it("lets colours through, and nothing else", () => {
    for (const colour of [
      "#a1b2c3",
      "rebeccapurple",
      "hsl(120 50% 40%)",
      "rgb(1, 2, 3)",
      "oklch(60% 0.1 30deg / 0.5)",
    ]) {
      expect(safeColour(colour)).toBe(colour);
    }
    for (const colour of ["red; position: fixed", "url(x)", "", "rgb(1,2,3); x", "#12345z", "var(--x)"]) {
      expect(safeColour(colour)).toBe("#6b7280");
    }
  });
});
