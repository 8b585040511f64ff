import { Document, isDelete, isInsert, normalise, type Operation } from "@tutti/ot";
import * as fc from "fast-check";
import { EditorState } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { deltaFromTransaction } from "../src/from-editor.js";
import { deltaFromDocument, documentFromDelta, positionOf, tuttiSchema } from "../src/index.js";
import { act, actions, check, contents } from "./random-editing.js";

const stateOf = (content: Operation): EditorState =>
  EditorState.create({ schema: tuttiSchema, doc: documentFromDelta(content) });

const bold = tuttiSchema.marks.bold.create();

describe("deltaFromTransaction", () => {
  it("does to the Delta what the transaction does to the editor, whatever the transaction", () => {
    check(
      fc.property(contents, fc.array(actions, { minLength: 1, maxLength: 5 }), (content, plan) => {
        const state = stateOf(content);
        const tr = plan.reduce(act, state.tr);
        const delta = deltaFromTransaction(tr);
        const applied = Document.fromOperation(deltaFromDocument(state.doc)).apply(delta).toDelta();
        expect(applied).toEqual(deltaFromDocument(tr.doc));
      }),
      1000,
    );
  });

  it("is minimal for what people do", () => {
    const state = stateOf([{ insert: "aaa\nbbb" }]);
    const at = (index: number): number => positionOf(state.doc, index);
    expect(deltaFromTransaction(state.tr.insertText("a", at(1)))).toEqual([{ retain: 1 }, { insert: "a" }]);
    expect(deltaFromTransaction(state.tr.delete(at(0), at(1)))).toEqual([{ delete: 1 }]);
    expect(deltaFromTransaction(state.tr.split(at(5)))).toEqual([{ retain: 5 }, { insert: "\n" }]);
    expect(deltaFromTransaction(state.tr.join(at(4) - 1))).toEqual([{ retain: 3 }, { delete: 1 }]);
    expect(deltaFromTransaction(state.tr.addMark(at(4), at(6), bold))).toEqual([
      { retain: 4 },
      { retain: 2, attributes: { bold: true } },
    ]);
    expect(deltaFromTransaction(state.tr.setNodeAttribute(0, "attributes", { header: 2 }))).toEqual([
      { retain: 3 },
      { retain: 1, attributes: { header: 2 } },
    ]);
  });

  it("inserts exactly where it was typed, also among equal letters and equal blocks", () => {
    const state = stateOf([{ insert: "\n\n\n" }]);
    for (let index = 0; index <= 3; index += 1) {
      const delta = deltaFromTransaction(state.tr.split(positionOf(state.doc, index)));
      expect(delta).toEqual(normalise([...(index === 0 ? [] : [{ retain: index }]), { insert: "\n" }]));
    }
  });

  it("removes a format by null and keeps unknown ones", () => {
    const state = stateOf([{ insert: "ab", attributes: { bold: true, colour: "red" } }]);
    const delta = deltaFromTransaction(state.tr.removeMark(1, 2, bold));
    expect(delta).toEqual([{ retain: 1, attributes: { bold: null } }]);
  });

  it("formatting the last block gives it a newline", () => {
    const state = stateOf([{ insert: "Title" }]);
    const delta = deltaFromTransaction(state.tr.setNodeAttribute(0, "attributes", { header: 1 }));
    expect(delta).toEqual([{ retain: 5 }, { insert: "\n", attributes: { header: 1 } }]);
  });

  it("never tears a surrogate pair apart", () => {
    const state = stateOf([{ insert: "x\u{1F600}y" }]);
    const delta = deltaFromTransaction(state.tr.insertText("\uDE01", 3, 4));
    expect(delta).toEqual([{ retain: 1 }, { insert: "\u{1F601}" }, { delete: 2 }]);
    const high = deltaFromTransaction(state.tr.insertText("\uD83E", 2, 3));
    expect(high).toEqual([{ retain: 1 }, { insert: "\u{1FA00}" }, { delete: 2 }]);
  });

  it("setting a document to an equal one changes nothing", () => {
    const state = stateOf([{ insert: "a\n", attributes: { bold: true } }, { insert: { image: "x" } }]);
    const copy = documentFromDelta(deltaFromDocument(state.doc));
    const delta = deltaFromTransaction(state.tr.replaceWith(0, state.doc.content.size, copy.content));
    expect(delta.filter((part) => isInsert(part) || isDelete(part))).toEqual([]);
  });
});
