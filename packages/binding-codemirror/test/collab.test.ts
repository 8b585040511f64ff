import { EditorSelection, EditorState, Transaction } from "@codemirror/state";
import type { Status } from "@tutti/client";
import { Document } from "@tutti/ot";
import { LocalDocument, LocalRoom } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorField } from "../src/cursors.js";
import { tuttiCollab } from "../src/index.js";
import { changesOn, check, edits, microtasks, TestEditor, texts, wholeIndex } from "./test-editor.js";

const documentOf = (text: string): Document => Document.fromDelta(text === "" ? [] : [{ insert: text }]);
const docOf = (text: string): LocalDocument => new LocalDocument(documentOf(text));

describe("tuttiCollab", () => {
  it("sends what is typed, once, and does not echo it", () => {
    const doc = docOf("ab");
    const editor = new TestEditor(doc);
    editor.dispatch({ changes: { from: 1, insert: "X" } });
    expect(doc.edits.map(({ delta }) => delta)).toEqual([[{ retain: 1 }, { insert: "X" }]]);
    expect([editor.text, doc.text()]).toEqual(["aXb", "aXb"]);
  });

  it("shows remote changes outside of any history, marked as remote, and does not send them back", () => {
    const doc = docOf("ab");
    const seen: Transaction[] = [];
    const watch = EditorState.transactionExtender.of((tr) => {
      seen.push(tr);
      return null;
    });
    const state = EditorState.create({ doc: doc.text(), extensions: [tuttiCollab(doc), watch] });
    const editor = new TestEditor(doc, undefined, state);
    doc.remote([{ retain: 1 }, { insert: "R" }]);
    expect(editor.text).toBe("aRb");
    expect(doc.edits).toEqual([]);
    expect(seen.map((tr) => [tr.annotation(Transaction.remote), tr.annotation(Transaction.addToHistory)])).toEqual([
      [true, false],
    ]);
  });

  it("stays equal to the document through any editing, local and remote", () => {
    const event = fc.record({ mine: fc.boolean(), edits });
    check(
      fc.property(texts, fc.array(event, { maxLength: 8 }), (text, happened) => {
        const doc = docOf(text);
        const editor = new TestEditor(doc);
        for (const { mine, edits: wanted } of happened) {
          const changes = changesOn(doc.text(), wanted);
          if (mine) editor.dispatch({ changes });
          else {
            for (const { from, to, insert } of changes.reverse()) {
              doc.remote([
                ...(from > 0 ? [{ retain: from }] : []),
                ...(insert === "" ? [] : [{ insert }]),
                ...(to > from ? [{ delete: to - from }] : []),
              ]);
            }
          }
          expect(editor.text).toBe(doc.text());
        }
      }),
      1000,
    );
  });

  it("several editors on one text converge, whatever is delayed", () => {
    const event = fc.record({
      who: fc.nat({ max: 2 }),
      what: fc.oneof(edits, fc.constant("send" as const), fc.constant("receive" as const)),
    });
    check(
      fc.property(texts, fc.array(event, { maxLength: 30 }), (text, happened) => {
        const room = new LocalRoom(documentOf(text), 3);
        const editors = room.members.map((member) => new TestEditor(member));
        for (const { who, what } of happened) {
          const editor = editors[who];
          if (editor === undefined) continue;
          if (what === "send") room.send(who);
          else if (what === "receive") room.receive(who);
          else editor.dispatch({ changes: changesOn(editor.text, what) });
        }
        room.settle();
        expect(
          new Set([...editors.map((editor) => editor.text), ...room.members.map((member) => member.text())]).size,
        ).toBe(1);
      }),
      1000,
    );
  });

  it("my caret stays in front of what others insert at it, and follows what they insert before it", () => {
    const doc = docOf("abc");
    const editor = new TestEditor(doc);
    editor.dispatch({ selection: { anchor: 2 } });
    doc.remote([{ retain: 2 }, { insert: "XX" }]);
    expect(editor.state.selection.main.head).toBe(2);
    doc.remote([{ insert: "Y" }]);
    expect(editor.state.selection.main.head).toBe(3);
    editor.dispatch({ selection: EditorSelection.single(1, 3) });
    doc.remote([{ retain: 1 }, { insert: "<" }, { retain: 2 }, { insert: ">" }]);
    expect(editor.state.sliceDoc(editor.state.selection.main.from, editor.state.selection.main.to)).toBe("ab");
  });

  it("undoes in the document and puts the caret where it was", () => {
    const doc = docOf("one");
    const editor = new TestEditor(doc);
    editor.dispatch({ selection: { anchor: 3 } });
    editor.dispatch({ changes: { from: 3, insert: "!!" } });
    editor.dispatch({ selection: { anchor: 0 } });
    doc.remote([{ insert: "zero " }]);
    editor.binding.step("undo");
    expect([editor.text, editor.state.selection.main.head]).toEqual(["zero one", 8]);
    editor.binding.step("redo");
    expect([editor.text, editor.state.selection.main.head]).toEqual(["zero one!!", 10]);
    expect(editor.binding.can("redo")).toBe(false);
  });

  it("undo selects again what was selected before the edit", () => {
    const doc = docOf("one two");
    const editor = new TestEditor(doc);
    editor.dispatch({ selection: { anchor: 7, head: 4 } });
    editor.dispatch({ changes: { from: 4, to: 7, insert: "2" }, selection: { anchor: 5 } });
    doc.remote([{ insert: "zero " }]);
    editor.binding.step("undo");
    const { anchor, head } = editor.state.selection.main;
    expect([editor.text, anchor, head]).toEqual(["zero one two", 12, 9]);
  });

  it("while an input method composes, changes of others to its line wait, others show", async () => {
    const doc = docOf("one\ntwo\nthree");
    const editor = new TestEditor(doc);
    editor.dispatch({ selection: { anchor: 7 } });
    editor.composing = true;
    editor.dispatch({ changes: { from: 7, insert: "k" }, selection: { anchor: 8 } });
    doc.remote([{ insert: "zero " }, { retain: 5 }, { insert: "X" }]);
    expect(editor.text).toBe("zero one\ntwok\nthree");
    editor.dispatch({ changes: { from: 13, insert: "a" }, selection: { anchor: 14 } });
    expect([doc.text(), editor.text]).toEqual(["zero one\ntXwoka\nthree", "zero one\ntwoka\nthree"]);
    editor.composing = false;
    editor.binding.compositionEnded();
    await microtasks();
    expect(editor.text).toBe("zero one\ntXwoka\nthree");
    expect(editor.state.selection.main.head).toBe(15);
  });

  it("pastes and cuts are undo steps of their own", () => {
    const doc = docOf("");
    const editor = new TestEditor(doc);
    editor.dispatch({ changes: { from: 0, insert: "a" }, userEvent: "input.type" });
    editor.dispatch({ changes: { from: 1, insert: "b" }, userEvent: "input.paste" });
    expect(doc.edits.map(({ options }) => options.undo)).toEqual([undefined, "separate"]);
  });

  it("a refused edit is reported with what was typed, and the editor shows the document again", async () => {
    const doc = docOf("ab");
    const refused: unknown[] = [];
    const editor = new TestEditor(doc, (_error, delta) => refused.push(delta));
    doc.refusal = new Error("too large");
    editor.dispatch({ changes: { from: 1, insert: "X" } });
    doc.refusal = undefined;
    editor.dispatch({ changes: { from: 0, insert: "Y" } });
    expect(refused).toEqual([[{ retain: 1 }, { insert: "X" }], [{ insert: "Y" }]]);
    await microtasks();
    expect([editor.text, doc.text()]).toEqual(["ab", "ab"]);
    editor.dispatch({ changes: { from: 0, insert: "Z" } });
    expect(doc.text()).toBe("Zab");
  });

  it("half a surrogate pair is refused and taken back", async () => {
    const doc = docOf("ab");
    const errors: unknown[] = [];
    const editor = new TestEditor(doc, (error) => errors.push(error));
    editor.dispatch({ changes: { from: 1, insert: "\uD83D" } });
    await microtasks();
    expect(errors).toHaveLength(1);
    expect([editor.text, doc.text()]).toEqual(["ab", "ab"]);
  });

  it("an editor that was created on another text is brought to the document", async () => {
    const doc = docOf("right\r\n");
    const editor = new TestEditor(doc, undefined, EditorState.create({ doc: "wrong", extensions: tuttiCollab(doc) }));
    await microtasks();
    expect([editor.text, doc.text()]).toEqual(["right\r\n", "right\r\n"]);
  });

  it.each<[Status, boolean]>([
    ["Saved", false],
    ["Working offline", false],
    ["Read-only mode", true],
    ["Conflict", true],
  ])("%s: read only: %s", async (status, readOnly) => {
    const doc = docOf("ab");
    const editor = new TestEditor(doc);
    doc.status = status;
    await microtasks();
    expect(editor.state.readOnly).toBe(readOnly);
    editor.dispatch({ changes: { from: 0, insert: "X" } });
    expect(doc.text()).toBe(readOnly ? "ab" : "Xab");
    doc.remote([{ insert: "R" }]);
    expect(editor.text).toBe(doc.text());
  });

  it("stops when the editor is destroyed", () => {
    const doc = docOf("ab");
    const editor = new TestEditor(doc);
    editor.destroy();
    doc.remote([{ insert: "X" }]);
    expect(editor.text).toBe("ab");
    expect(doc.presence.told.at(-1)).toBeNull();
  });
});

describe("cursors", () => {
  const person = (client: string, cursor: { anchor: number; head: number } | null) => ({
    client,
    user: { id: client, name: `Name of ${client}` },
    colour: "#123456",
    activity: "editing" as const,
    active: 0,
    cursor,
  });
  const placesOf = (editor: TestEditor) =>
    editor.state.field(cursorField).map(({ client, anchor, head, moves }) => [client, anchor, head, moves]);

  it("shows who is somewhere, and counts moves so that the name shows again", async () => {
    const doc = docOf("hello");
    const editor = new TestEditor(doc);
    doc.presence.show([person("a", { anchor: 1, head: 3 }), person("b", null)]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 1, 3, 1]]);
    doc.presence.show([person("a", { anchor: 1, head: 3 }), person("b", { anchor: 9, head: 9 })]);
    await microtasks();
    expect(placesOf(editor)).toEqual([
      ["a", 1, 3, 1],
      ["b", 9, 9, 1],
    ]);
    doc.presence.show([person("a", { anchor: 2, head: 2 })]);
    await microtasks();
    expect(placesOf(editor)).toEqual([["a", 2, 2, 2]]);
  });

  it("moves them with the text between two messages", async () => {
    const doc = docOf("hello");
    const editor = new TestEditor(doc);
    doc.presence.show([person("a", { anchor: 2, head: 2 })]);
    await microtasks();
    editor.dispatch({ changes: { from: 2, insert: "mine" } });
    expect(placesOf(editor)).toEqual([["a", 2, 2, 1]]);
    doc.remote([{ retain: 2 }, { insert: "theirs" }]);
    expect(placesOf(editor)).toEqual([["a", 8, 8, 2]]);
  });

  it("tells the others where I am: after my own moves and edits, not after theirs", () => {
    const doc = docOf("hello");
    const editor = new TestEditor(doc);
    editor.dispatch({ selection: { anchor: 1, head: 4 } });
    doc.remote([{ insert: "R" }]);
    editor.dispatch({ changes: { from: 0, insert: "X" } });
    editor.binding.step("undo");
    expect(doc.presence.told).toEqual([
      { anchor: 1, head: 4 },
      { anchor: 3, head: 6 },
      { anchor: 2, head: 5 },
    ]);
  });
});

describe("wholeIndex", () => {
  it("is what the generators of this file rely on", () => {
    expect([0, 1, 2, 3].map((index) => wholeIndex("a\u{1F600}", index))).toEqual([0, 1, 1, 3]);
  });
});
