import { changedSpan, editUnderHold, holdBack, regionOf } from "@tutti/binding";
import { Document, normalise, type Operation } from "@tutti/ot";
import { realise, type Step } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentFromDelta } from "../src/index.js";
import { blockAt, lineAt, positionOf } from "../src/positions.js";
import { check, contents } from "./random-editing.js";

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), content: fc.constantFrom("x", "\n", "yz", "\u{1F600}") }),
  fc.record({ kind: fc.constant("delete" as const), length: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant("retain" as const), length: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant("retain" as const),
    length: fc.integer({ min: 1, max: 3 }),
    attributes: fc.constantFrom({ bold: true }, { header: 1 }),
  }),
);
const plan = fc.array(step, { maxLength: 5 });
const events = fc.array(fc.record({ mine: fc.boolean(), plan, text: fc.constantFrom("m", "n") }), { maxLength: 6 });

describe("holding back changes under composition", () => {
  it("what is shown and what is held make the document; the block under composition is left alone", () => {
    check(
      fc.property(contents, fc.nat(), events, (content, where, happened) => {
        let document = Document.fromOperation(normalise(content));
        let shown = document;
        let held: Operation = [];
        let caret = where % (shown.length + 1);
        for (const event of happened) {
          const editor = documentFromDelta(shown.toDelta());
          const { block, start } = blockAt(editor, caret);
          if (event.mine) {
            const local = realise(
              [
                ...(caret > 0 ? [{ kind: "retain" as const, length: caret }] : []),
                { kind: "insert", content: event.text },
              ],
              shown,
            );
            const under = editUnderHold(held, local);
            document = document.apply(under.edit);
            shown = shown.apply(local);
            held = under.held;
            caret += 1;
          } else {
            const remote = realise(event.plan, document);
            const split = holdBack(held, remote, regionOf(lineAt(editor, positionOf(editor, start)), held));
            document = document.apply(remote);
            shown = shown.apply(split.show);
            held = split.held;
            const span = changedSpan(split.show);
            const end = start + editor.child(block).content.size;
            const before = span === undefined || span.from < start ? shiftBefore(split.show, start) : 0;
            caret += before;
            expect(
              documentFromDelta(shown.toDelta())
                .child(blockAt(documentFromDelta(shown.toDelta()), caret).block)
                .eq(editor.child(block)),
            ).toBe(true);
            expect(end).toBeGreaterThanOrEqual(start);
          }
          expect(shown.apply(held).toDelta()).toEqual(document.toDelta());
        }
      }),
      1000,
    );
  });

  it("shows what happens elsewhere at once, and holds what would redraw the block", () => {
    const editor = documentFromDelta([{ insert: "one\ntwo\nthree" }]);
    const region = regionOf(lineAt(editor, positionOf(editor, 4)), []);
    const split = (remote: Operation) => holdBack([], remote, region);
    const elsewhere: Operation = [{ insert: "X" }, { retain: 9 }, { delete: 1 }];
    expect(split(elsewhere)).toEqual({ show: elsewhere, held: [] });
    const inside: Operation = [{ retain: 5 }, { insert: "X" }];
    expect(split(inside)).toEqual({ show: [], held: inside });
    const joins: Operation = [{ retain: 3 }, { delete: 1 }];
    expect(split(joins)).toEqual({ show: [], held: joins });
    const across: Operation = [{ retain: 1 }, { delete: 10 }];
    expect(split(across)).toEqual({
      show: [{ retain: 1 }, { delete: 2 }, { retain: 5 }, { delete: 3 }],
      held: [{ retain: 1 }, { delete: 5 }],
    });
  });
});

/** By how much inserts and deletes in front of an index move it. */
function shiftBefore(operation: Operation, index: number): number {
  let walked = 0;
  let shift = 0;
  for (const part of operation) {
    if (walked >= index) break;
    if ("insert" in part) shift += typeof part.insert === "string" ? part.insert.length : 1;
    else if ("delete" in part) {
      shift -= part.delete;
      walked += part.delete;
    } else walked += part.retain;
  }
  return shift;
}
