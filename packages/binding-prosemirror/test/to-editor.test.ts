import { Document, normalise, type Operation, transformPosition } from "@tutti/ot";
import { operationsOn } from "@tutti/testkit";
import * as fc from "fast-check";
import { AllSelection, EditorState, NodeSelection, TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { deltaFromDocument, documentFromDelta, indexOf, positionOf, tuttiSchema } from "../src/index.js";
import { transactionFromDelta, transactionToContent } from "../src/to-editor.js";
import { check, contents, selectAt } from "./random-editing.js";

const stateOf = (content: Operation): EditorState =>
  EditorState.create({ schema: tuttiSchema, doc: documentFromDelta(content) });

const edits = contents.chain((content) => {
  const document = Document.fromOperation(normalise(content));
  return fc.tuple(fc.constant(document), operationsOn(document));
});

describe("transactionFromDelta", () => {
  it("does to the editor what the Delta does to the document, in at most one step that is valid", () => {
    check(
      fc.property(
        edits,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([document, delta], anchor, head) => {
          const start = stateOf(document.toDelta());
          const state = start.apply(selectAt(start.tr, anchor, head));
          const tr = transactionFromDelta(state, delta);
          const after = state.apply(tr);
          after.doc.check();
          expect(tr.steps.length).toBeLessThanOrEqual(1);
          expect(after.doc.eq(documentFromDelta(document.apply(delta).toDelta()))).toBe(true);
        },
      ),
      1000,
    );
  });

  it("keeps every untouched block as the same object", () => {
    const state = stateOf([{ insert: "one\ntwo\nthree\nfour" }]);
    const after = transactionFromDelta(state, [{ retain: 5 }, { insert: "X" }]).doc;
    expect([0, 1, 2, 3].map((block) => after.child(block) === state.doc.child(block))).toEqual([
      true,
      false,
      true,
      true,
    ]);
    const formatted = transactionFromDelta(state, [{ retain: 7 }, { retain: 1, attributes: { header: 1 } }]).doc;
    expect([0, 1, 2, 3].map((block) => formatted.child(block) === state.doc.child(block))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("a caret stays in front of what is inserted there, and follows what is inserted before", () => {
    const state = stateOf([{ insert: "abc\ndef" }]);
    const caret = state.apply(state.tr.setSelection(TextSelection.create(state.doc, positionOf(state.doc, 5))));
    const indexAfter = (delta: Operation): number => {
      const tr = transactionFromDelta(caret, delta);
      return indexOf(tr.doc, tr.selection.head);
    };
    expect(indexAfter([{ retain: 5 }, { insert: "X" }])).toBe(5);
    expect(indexAfter([{ retain: 4 }, { insert: "X" }])).toBe(6);
    expect(indexAfter([{ insert: "\n\n" }])).toBe(7);
    expect(indexAfter([{ retain: 3 }, { delete: 1 }])).toBe(4);
    expect(indexAfter([{ retain: 2 }, { delete: 4 }])).toBe(2);
    expect(indexAfter([{ retain: 7 }, { insert: "!" }])).toBe(5);
  });

  it("a selected range does not grow at its ends, forwards or backwards", () => {
    const state = stateOf([{ insert: "abcdef" }]);
    const delta: Operation = [{ retain: 2 }, { insert: "X" }, { retain: 2 }, { insert: "Y" }];
    for (const [anchor, head] of [
      [2, 4],
      [4, 2],
    ] as const) {
      const selection = TextSelection.create(state.doc, anchor + 1, head + 1);
      const tr = transactionFromDelta(state.apply(state.tr.setSelection(selection)), delta);
      expect(tr.doc.textBetween(tr.selection.from, tr.selection.to)).toBe("cd");
      expect(tr.selection.anchor < tr.selection.head).toBe(anchor < head);
    }
  });

  it("keeps a selected object and the selection of everything", () => {
    const state = stateOf([{ insert: "a" }, { insert: { image: "x" } }]);
    const node = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, 2)));
    const moved = transactionFromDelta(node, [{ insert: "\n" }]).selection;
    expect(moved).toBeInstanceOf(NodeSelection);
    expect(transactionFromDelta(node, [{ retain: 1 }, { delete: 1 }]).selection).toBeInstanceOf(TextSelection);
    const all = state.apply(state.tr.setSelection(new AllSelection(state.doc)));
    expect(transactionFromDelta(all, [{ insert: "z" }]).selection).toBeInstanceOf(AllSelection);
  });

  it("keeps what was chosen for the next letter", () => {
    const state = stateOf([{ insert: "ab" }]);
    const chosen = state.apply(state.tr.setStoredMarks([tuttiSchema.marks.bold.create()]));
    const after = chosen.apply(transactionFromDelta(chosen, [{ retain: 2 }, { insert: "!" }]));
    expect(after.storedMarks).toEqual(chosen.storedMarks);
  });

  it("moves carets as the document moves positions", () => {
    check(
      fc.property(edits, fc.nat(), ([document, delta], where) => {
        const state = stateOf(document.toDelta());
        const index = where % (document.length + 1);
        const caret = state.apply(state.tr.setSelection(TextSelection.create(state.doc, positionOf(state.doc, index))));
        const tr = transactionFromDelta(caret, delta);
        if (tr.docChanged) expect(indexOf(tr.doc, tr.selection.head)).toBe(transformPosition(delta, index, "left"));
      }),
    );
  });
});

describe("transactionToContent", () => {
  it("leads to any content", () => {
    check(
      fc.property(contents, contents, (before, after) => {
        const tr = transactionToContent(stateOf(before), normalise(after));
        tr.doc.check();
        expect(deltaFromDocument(tr.doc)).toEqual(normalise(after));
      }),
    );
  });
});
