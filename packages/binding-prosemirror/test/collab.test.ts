import type { Status } from "@tutti/client";
import { Document, type Operation } from "@tutti/ot";
import { LocalDocument, LocalRoom } from "@tutti/testkit";
import * as fc from "fast-check";
import { EditorState, TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { bindingOf } from "../src/binding.js";
import {
  deltaFromDocument,
  documentFromDelta,
  indexOf,
  positionOf,
  redo,
  setHeading,
  tuttiCollab,
  tuttiSchema,
  undo,
} from "../src/index.js";
import { act, actions, check, contents } from "./random-editing.js";
import { microtasks, TestEditor } from "./test-editor.js";

const docOf = (content: Operation): LocalDocument => new LocalDocument(Document.fromDelta(content));

const type = (editor: TestEditor, index: number, text: string): void =>
  editor.dispatch(editor.state.tr.insertText(text, positionOf(editor.state.doc, index)));

const caretTo = (editor: TestEditor, index: number): void =>
  editor.dispatch(
    editor.state.tr.setSelection(TextSelection.create(editor.state.doc, positionOf(editor.state.doc, index))),
  );

const caretOf = (editor: TestEditor): number => indexOf(editor.state.doc, editor.state.selection.head);
const shown = (editor: TestEditor): Operation => deltaFromDocument(editor.state.doc);

describe("tuttiCollab", () => {
  it("sends what is typed, once, and does not echo it", () => {
    const doc = docOf([{ insert: "ab" }]);
    const editor = TestEditor.on(doc);
    type(editor, 1, "X");
    expect(doc.edits.map(({ delta }) => delta)).toEqual([[{ retain: 1 }, { insert: "X" }]]);
    expect(editor.state.doc.textContent).toBe("aXb");
    expect(doc.text()).toBe("aXb");
  });

  it("shows remote changes and does not send them back", () => {
    const doc = docOf([{ insert: "ab" }]);
    const editor = TestEditor.on(doc);
    doc.remote([{ retain: 1 }, { insert: "\n", attributes: { list: "foo" } }]);
    expect(shown(editor)).toEqual(doc.content());
    expect(doc.edits).toEqual([]);
  });

  it("stays equal to the document through any editing, local and remote", () => {
    const remote = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom("r", "\n", "\u{1F600}"));
    check(
      fc.property(contents, fc.array(fc.oneof(actions, remote), { maxLength: 8 }), (content, happened) => {
        const doc = docOf(content);
        const editor = TestEditor.on(doc);
        for (const event of happened) {
          if (Array.isArray(event)) {
            const index = wholeIndex(doc.text(), Math.round(event[0] * doc.length));
            doc.remote([...(index > 0 ? [{ retain: index }] : []), { insert: event[1] }]);
          } else {
            editor.dispatch(act(editor.state.tr, event));
          }
          expect(shown(editor)).toEqual(doc.content());
          expect(editor.state.doc.eq(documentFromDelta(doc.content()))).toBe(true);
        }
      }),
      1000,
    );
  });

  it("several editors on one text converge, whatever is delayed", () => {
    const event = fc.record({
      who: fc.nat({ max: 2 }),
      what: fc.oneof(
        { weight: 3, arbitrary: actions },
        { weight: 2, arbitrary: fc.constant("send" as const) },
        { weight: 3, arbitrary: fc.constant("receive" as const) },
      ),
    });
    check(
      fc.property(contents, fc.array(event, { maxLength: 25 }), (content, happened) => {
        const room = new LocalRoom(Document.fromDelta(content), 3);
        const editors = room.members.map((member) => TestEditor.on(member));
        for (const { who, what } of happened) {
          const editor = editors[who];
          if (editor === undefined) continue;
          if (what === "send") room.send(who);
          else if (what === "receive") room.receive(who);
          else editor.dispatch(act(editor.state.tr, what));
        }
        room.settle();
        const [first = []] = editors.map(shown);
        for (const editor of editors) expect(shown(editor)).toEqual(first);
        expect(room.members[0]?.content()).toEqual(first);
      }),
      1000,
    );
  });

  it("formatting the last block at the same time makes one heading, and loses nothing", () => {
    const room = new LocalRoom(Document.fromDelta([{ insert: "Title" }]), 2);
    const editors = room.members.map((member) => TestEditor.on(member));
    for (const editor of editors) setHeading(1)(editor.state, editor.dispatch);
    room.settle();
    for (const editor of editors) {
      expect(shown(editor)).toEqual([{ insert: "Title" }, { insert: "\n", attributes: { header: 1 } }]);
      expect(editor.state.doc.childCount).toBe(2);
    }
  });

  it("splits blocks at line breaks that other code puts into them", () => {
    const doc = docOf([{ insert: "a" }, { insert: "\n", attributes: { "code-block": true } }]);
    const editor = TestEditor.on(doc);
    type(editor, 1, "b\nc\n");
    expect(shown(editor)).toEqual(doc.content());
    expect(doc.text()).toBe("ab\nc\n\n");
    expect(editor.state.doc.childCount).toBe(4);
  });

  it("keeps unknown attributes and embeds through editing around them", () => {
    const content: Operation = [
      { insert: "ab", attributes: { comment: { id: 7 }, bold: true } },
      { insert: { chart: { rows: [1] } }, attributes: { width: 3 } },
      { insert: "\n", attributes: { align: "right", header: 9 } },
    ];
    const doc = docOf(content);
    const editor = TestEditor.on(doc);
    type(editor, 3, "!");
    editor.dispatch(editor.state.tr.removeMark(1, 3, tuttiSchema.marks.bold));
    expect(doc.content()).toEqual([
      { insert: "ab", attributes: { comment: { id: 7 } } },
      { insert: { chart: { rows: [1] } }, attributes: { width: 3 } },
      { insert: "!" },
      { insert: "\n", attributes: { align: "right", header: 9 } },
    ]);
  });

  it("a format that is set replaces a value of it that could not be shown", () => {
    const doc = docOf([{ insert: "ab", attributes: { bold: "very", colour: "red" } }]);
    const editor = TestEditor.on(doc);
    editor.dispatch(editor.state.tr.addMark(1, 3, tuttiSchema.marks.bold.create()));
    expect(doc.content()).toEqual([{ insert: "ab", attributes: { bold: true, colour: "red" } }]);
    expect(editor.state.doc.eq(documentFromDelta(doc.content()))).toBe(true);
  });

  it("undoes in the document and puts the caret where it was", () => {
    const doc = docOf([{ insert: "one\ntwo" }]);
    const editor = TestEditor.on(doc);
    caretTo(editor, 7);
    type(editor, 7, "!!");
    caretTo(editor, 0);
    doc.remote([{ insert: "zero\n" }]);
    expect(undo(editor.state)).toBe(true);
    expect(doc.text()).toBe("zero\none\ntwo!!");
    undo(editor.state, editor.dispatch);
    expect(editor.state.doc.textContent).toBe("zeroonetwo");
    expect(caretOf(editor)).toBe(12);
    redo(editor.state, editor.dispatch);
    expect(doc.text()).toBe("zero\none\ntwo!!");
    expect(caretOf(editor)).toBe(14);
    expect(redo(editor.state)).toBe(false);
  });

  it("undo selects again what was selected before the edit", () => {
    const doc = docOf([{ insert: "one two" }]);
    const editor = TestEditor.on(doc);
    const { tr } = editor.state;
    editor.dispatch(tr.setSelection(TextSelection.create(tr.doc, 8, 5)));
    editor.dispatch(editor.state.tr.insertText("2"));
    doc.remote([{ insert: "zero " }]);
    undo(editor.state, editor.dispatch);
    const { anchor, head } = editor.state.selection;
    expect([doc.text(), anchor, head]).toEqual(["zero one two", 13, 10]);
  });

  it("a refused edit is reported with what was typed, and the editor shows the document again", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const refused: unknown[] = [];
    const editor = TestEditor.on(doc, { onError: (error, delta) => refused.push(error, delta) });
    doc.refusal = new Error("too large");
    type(editor, 1, "X");
    doc.refusal = undefined;
    type(editor, 0, "Y");
    expect(refused).toEqual([
      doc.refusal ?? expect.any(Error),
      [{ retain: 1 }, { insert: "X" }],
      expect.any(Error),
      [{ insert: "Y" }],
    ]);
    await microtasks();
    expect(shown(editor)).toEqual([{ insert: "ab" }]);
    type(editor, 0, "Z");
    expect(doc.text()).toBe("Zab");
  });

  it("half a surrogate pair is refused and taken back", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const errors: unknown[] = [];
    const editor = TestEditor.on(doc, { onError: (error) => errors.push(error) });
    type(editor, 1, "\uD83D");
    await microtasks();
    expect(errors).toHaveLength(1);
    expect(doc.text()).toBe("ab");
    expect(shown(editor)).toEqual(doc.content());
  });

  it("text between the halves of a surrogate pair is refused and taken back", async () => {
    const doc = docOf([{ insert: "a\u{1F600}b" }]);
    const errors: unknown[] = [];
    const editor = TestEditor.on(doc, { onError: (error) => errors.push(error) });
    type(editor, 2, "x");
    await microtasks();
    expect(errors).toHaveLength(1);
    expect(doc.text()).toBe("a\u{1F600}b");
    expect(shown(editor)).toEqual(doc.content());
  });

  it("an editor that was created with another content is brought to the document", async () => {
    const doc = docOf([{ insert: "right" }]);
    const state = EditorState.create({
      schema: tuttiSchema,
      doc: documentFromDelta([{ insert: "wrong" }]),
      plugins: [...tuttiCollab(doc)],
    });
    const editor = new TestEditor(state);
    await microtasks();
    expect(shown(editor)).toEqual([{ insert: "right" }]);
    expect(doc.text()).toBe("right");
  });

  it.each<[Status, boolean]>([
    ["Saved", true],
    ["Working offline", true],
    ["Read-only mode", false],
    ["Conflict", false],
  ])("%s: typing is possible: %s", async (status, possible) => {
    const doc = docOf([{ insert: "ab" }]);
    const editor = TestEditor.on(doc);
    doc.status = status;
    await microtasks();
    type(editor, 0, "X");
    expect(doc.text()).toBe(possible ? "Xab" : "ab");
    doc.remote([{ insert: "R" }]);
    expect(shown(editor)).toEqual(doc.content());
  });

  it("typing is not possible while the document takes no edits, whatever its status", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const editor = TestEditor.on(doc);
    doc.refusal = new Error("role viewer");
    doc.status = "Saved";
    await microtasks();
    doc.refusal = undefined;
    type(editor, 0, "X");
    expect(doc.text()).toBe("ab");
    doc.status = "Saved";
    await microtasks();
    type(editor, 0, "X");
    expect(doc.text()).toBe("Xab");
  });

  it("stops when the editor is destroyed", () => {
    const doc = docOf([{ insert: "ab" }]);
    const editor = TestEditor.on(doc);
    editor.destroy();
    doc.remote([{ insert: "X" }]);
    expect(editor.state.doc.textContent).toBe("ab");
    expect(doc.presence.told.at(-1)).toBeNull();
  });

  it("two editors on one handle follow each other", () => {
    const doc = docOf([{ insert: "ab" }]);
    const [one, two] = [TestEditor.on(doc), TestEditor.on(doc)];
    type(one, 1, "X");
    type(two, 0, "Y");
    expect([one, two].map((editor) => editor.state.doc.textContent)).toEqual(["YaXb", "YaXb"]);
  });
});

describe("composition", () => {
  it("holds changes to the block under composition, shows others, and lets go after it", () => {
    const doc = docOf([{ insert: "one\ntwo\nthree" }]);
    const editor = TestEditor.on(doc);
    caretTo(editor, 5);
    editor.composing = true;
    type(editor, 5, "k");
    const composed = editor.state.doc.child(1);
    doc.remote([{ retain: 4 }, { insert: "HELD" }, { retain: 8 }, { insert: "!" }]);
    expect(editor.state.doc.child(1)).toBe(composed);
    expect(editor.state.doc.child(2).textContent).toBe("thr!ee");
    type(editor, 6, "a");
    expect(doc.text()).toBe("one\nHELDtkawo\nthr!ee");
    expect(editor.state.doc.child(1).textContent).toBe("tkawo");
    editor.composing = false;
    bindingOf(editor.state)?.compositionEnded();
    expect(shown(editor)).toEqual(doc.content());
    expect(caretOf(editor)).toBe(11);
  });

  it.each(["remote", "local", "undo"])("shows what was held before a %s edit after it", async (kind) => {
    const doc = docOf([{ insert: "one" }]);
    const editor = TestEditor.on(doc);
    type(editor, 3, "!");
    editor.composing = true;
    doc.remote([{ insert: "HELD" }]);
    expect(editor.state.doc.textContent).toBe("one!");
    editor.composing = false;
    if (kind === "remote") doc.remote([{ retain: 4 }, { insert: "R" }]);
    else if (kind === "local") type(editor, 0, "L");
    else undo(editor.state, editor.dispatch);
    await microtasks();
    expect(shown(editor)).toEqual(doc.content());
    expect(doc.text()).toBe({ remote: "HELDRone!", local: "LHELDone!", undo: "HELDone" }[kind]);
  });
});

/** Not inside a surrogate pair. */
function wholeIndex(text: string, index: number): number {
  return /[\uD800-\uDBFF]$/.test(text.slice(0, index)) ? index - 1 : index;
}
