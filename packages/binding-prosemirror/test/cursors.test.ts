import { Document, type Operation } from "@tutti/ot";
import { LocalDocument } from "@tutti/testkit";
import { TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { cursorKey } from "../src/cursors.js";
import { positionOf, undo } from "../src/index.js";
import { microtasks, TestEditor } from "./test-editor.js";

const docOf = (content: Operation): LocalDocument => new LocalDocument(Document.fromDelta(content));

const person = (client: string, cursor: { anchor: number; head: number } | null) => ({
  client,
  user: { id: client, name: `Name of ${client}` },
  colour: "#123456",
  activity: "editing" as const,
  active: 0,
  cursor,
});

const placesOf = (editor: TestEditor) =>
  cursorKey.getState(editor.state)?.cursors.map(({ client, anchor, head, moves }) => [client, anchor, head, moves]);

const type = (editor: TestEditor, index: number, text: string): void =>
  editor.dispatch(editor.state.tr.insertText(text, positionOf(editor.state.doc, index)));

describe("remote cursors", () => {
  it("show caret and selection of who is somewhere, across blocks", async () => {
    const doc = docOf([{ insert: "one\ntwo" }]);
    const editor = TestEditor.on(doc);
    doc.presence.show([person("a", { anchor: 5, head: 1 }), person("b", null)]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 5, 1, 1]]);
    doc.presence.show([person("a", { anchor: 99, head: 99 })]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 99, 99, 2]]);
    doc.presence.show([]);
    await microtasks();
    expect(placesOf(editor)).toEqual([]);
  });

  it("move with the text between two messages; what comes right at one is its own typing", async () => {
    const doc = docOf([{ insert: "hello" }]);
    const editor = TestEditor.on(doc);
    doc.presence.show([person("a", { anchor: 2, head: 2 })]);
    await microtasks();
    type(editor, 2, "mine");
    expect(placesOf(editor)).toEqual([["a", 2, 2, 1]]);
    doc.remote([{ retain: 2 }, { insert: "theirs" }]);
    expect(placesOf(editor)).toEqual([["a", 8, 8, 2]]);
    doc.remote([{ insert: "\n", attributes: { header: 1 } }]);
    expect(placesOf(editor)).toEqual([["a", 9, 9, 2]]);
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
      { anchor: 5, head: 7 },
    ]);
  });
});
