import { type ChangeSet, EditorState, Text } from "@codemirror/state";
import { Document } from "@tutti/ot";
import { documents, LocalDocument, operationsOn } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deltaFromChanges } from "../src/from-editor.js";
import { tuttiCollab, tuttiState } from "../src/index.js";
import { changesFromDelta, replacementBetween } from "../src/to-editor.js";
import { changesOn, check, edits, texts } from "./test-editor.js";

const documentOf = (text: string): Document => Document.fromDelta(text === "" ? [] : [{ insert: text }]);
const stateOf = (text: string): EditorState => tuttiState(new LocalDocument(documentOf(text)));
const textAfter = (text: string, changes: ChangeSet, state: EditorState): string =>
  documentOf(text)
    .apply(deltaFromChanges(changes, state.doc, changes.apply(state.doc)))
    .text();

describe("deltaFromChanges", () => {
  it("does to the document what the changes do to the editor", () => {
    check(
      fc.property(texts, edits, (text, wanted) => {
        const state = stateOf(text);
        const { changes, newDoc } = state.update({ changes: changesOn(text, wanted) });
        expect(textAfter(text, changes, state)).toBe(newDoc.toString());
      }),
      2000,
    );
  });

  it("is what was typed, where it was typed", () => {
    const state = stateOf("aaa");
    const delta = (changes: ChangeSet) => deltaFromChanges(changes, state.doc, changes.apply(state.doc));
    expect(delta(state.changes({ from: 1, insert: "a" }))).toEqual([{ retain: 1 }, { insert: "a" }]);
    expect(delta(state.changes({ from: 2, to: 3 }))).toEqual([{ retain: 2 }, { delete: 1 }]);
    expect(
      delta(
        state.changes([
          { from: 0, insert: "x" },
          { from: 3, insert: "y" },
        ]),
      ),
    ).toEqual([{ insert: "x" }, { retain: 3 }, { insert: "y" }]);
  });

  it("never tears a surrogate pair apart", () => {
    const state = stateOf("x\u{1F600}y");
    const changes = state.changes({ from: 2, to: 3, insert: "\uDE01" });
    expect(deltaFromChanges(changes, state.doc, changes.apply(state.doc))).toEqual([
      { retain: 1 },
      { insert: "\u{1F601}" },
      { delete: 2 },
    ]);
    const high = stateOf("\u{1F600}").changes({ from: 0, to: 1, insert: "\uD83E" });
    expect(deltaFromChanges(high, Text.of(["\u{1F600}"]), Text.of(["\uD83E\uDE00"]))).toEqual([
      { insert: "\uD83E\uDE00" },
      { delete: 2 },
    ]);
  });
});

describe("changesFromDelta", () => {
  it("does to the editor what the Delta does to the document", () => {
    const arbitrary = documents().chain((document) => fc.tuple(fc.constant(document), operationsOn(document)));
    check(
      fc.property(arbitrary, ([document, delta]) => {
        const state = tuttiState(new LocalDocument(document));
        const { newDoc } = state.update({ changes: changesFromDelta(delta) });
        expect(newDoc.toString()).toBe(document.apply(delta).text());
      }),
      2000,
    );
  });

  it("replaces at one place in one change; formatting is no change", () => {
    expect(changesFromDelta([{ retain: 1 }, { insert: "x" }, { insert: { image: "a" } }, { delete: 2 }])).toEqual([
      { from: 1, to: 3, insert: "x\uFFFC" },
    ]);
    expect(changesFromDelta([{ retain: 3, attributes: { bold: true } }])).toEqual([]);
  });
});

describe("line ends", () => {
  it.each(["a\r\nb", "a\rb\nc\r\n", "\r\n\r\n"])("%j has the same positions in the editor", (text) => {
    const state = stateOf(text);
    expect(state.doc.length).toBe(text.length);
    expect(state.doc.toString()).toBe(text);
    expect(state.doc.lines).toBe(text.split("\n").length);
    const { newDoc } = state.update({ changes: { from: text.length, insert: "x\r\ny" } });
    expect(newDoc.length).toBe(text.length + 4);
  });

  it("the extension alone is enough for an EditorState made by hand", () => {
    const doc = new LocalDocument(documentOf("a\r\nb"));
    const state = EditorState.create({ doc: doc.text(), extensions: tuttiCollab(doc) });
    expect(state.doc.length).toBe(4);
    expect(EditorState.create({ doc: doc.text() }).doc.length).toBe(3);
  });
});

describe("replacementBetween", () => {
  it("leads from any text to any other", () => {
    check(
      fc.property(texts, texts, (before, after) => {
        const change = replacementBetween(before, after);
        const text =
          change === undefined ? before : before.slice(0, change.from) + change.insert + before.slice(change.to);
        expect(text).toBe(after);
      }),
    );
  });
});
