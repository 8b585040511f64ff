import { Document, diff, type Operation } from "@tutti/ot";
import { LocalDocument, LocalRoom } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check, documents, shownOf } from "./formats.js";
import { microtasks, TestQuill } from "./test-quill.js";

const docOf = (content: Operation): LocalDocument => new LocalDocument(Document.fromDelta(content));
const type = (quill: TestQuill, index: number, text: string): void =>
  quill.edit(index === 0 ? [{ insert: text }] : [{ retain: index }, { insert: text }]);
const wanted = (doc: LocalDocument): Operation => shownOf(Document.fromDelta(doc.content()));

describe("one Quill on one document", () => {
  it("shows the document, sends what is typed once, and shows what others do without sending it back", async () => {
    const doc = docOf([{ insert: "hello" }]);
    const quill = new TestQuill(doc);
    expect(quill.text).toBe("hello\n");
    type(quill, 5, "!");
    doc.remote([{ insert: "oh, " }]);
    await microtasks();
    expect([doc.text(), quill.text, doc.edits.length]).toEqual(["oh, hello!", "oh, hello!\n", 1]);
  });

  it("an edit made before a change of others was shown is moved over it", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const quill = new TestQuill(doc);
    doc.remote([{ retain: 1 }, { insert: "XX" }]);
    type(quill, 2, "!");
    await microtasks();
    expect([doc.text(), quill.text]).toEqual(["aXXb!", "aXXb!\n"]);
  });

  it("while an input method composes, nothing of others shows; then it does", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const quill = new TestQuill(doc);
    quill.composition.isComposing = true;
    doc.remote([{ retain: 1 }, { insert: "X" }]);
    doc.remote([{ insert: "Y" }]);
    await microtasks();
    expect(quill.text).toBe("ab\n");
    type(quill, 2, "漢");
    quill.endComposition();
    await microtasks();
    expect([doc.text(), quill.text]).toEqual(["YaXb漢", "YaXb漢\n"]);
  });

  it("a last line with a format gets an end of its own, and Quill a line more", async () => {
    const doc = docOf([{ insert: "a" }]);
    const quill = new TestQuill(doc);
    quill.edit([{ retain: 1 }, { retain: 1, attributes: { header: 1 } }]);
    await microtasks();
    expect(doc.content()).toEqual([{ insert: "a" }, { insert: "\n", attributes: { header: 1 } }]);
    expect(quill.content).toEqual(wanted(doc));
  });

  it("a refused edit is told with what was typed, and Quill shows the document again", async () => {
    const doc = docOf([{ insert: "ab" }]);
    const told: unknown[] = [];
    const quill = new TestQuill(doc, (error, refused) => told.push(error, refused));
    doc.refusal = new Error("too large");
    type(quill, 1, "X");
    doc.refusal = undefined;
    type(quill, 1, "Y");
    await microtasks();
    expect(told).toEqual([new Error("too large"), [{ retain: 1 }, { insert: "X" }], expect.any(Error), []]);
    expect([doc.text(), quill.text]).toEqual(["ab", "ab\n"]);
    type(quill, 1, "Z");
    expect(doc.text()).toBe("aZb");
  });

  it("Quill's own Delta may tear a surrogate pair apart; the document gets whole ones", () => {
    const doc = docOf([{ insert: "a\u{1F600}" }]);
    const told: unknown[] = [];
    const quill = new TestQuill(doc, (error) => told.push(error));
    quill.edit(
      [{ retain: 1 }, { insert: "\u{1F601}" }, { delete: 2 }],
      [{ retain: 2 }, { insert: "\uDE01" }, { delete: 1 }],
    );
    expect([doc.text(), told]).toEqual(["a\u{1F601}", []]);
  });

  it("undo selects what was selected before the edit, moved over what others did", async () => {
    const doc = docOf([{ insert: "one two" }]);
    const quill = new TestQuill(doc);
    quill.setSelection(4, 3, "user");
    quill.edit([{ retain: 4 }, { insert: "2" }, { delete: 3 }]);
    doc.remote([{ insert: "zero " }]);
    await microtasks();
    quill.binding.step("undo");
    expect([doc.text(), quill.text, quill.selected]).toEqual([
      "zero one two",
      "zero one two\n",
      { index: 9, length: 3 },
    ]);
  });

  it("goes back to the same text when it gets the focus again", async () => {
    const doc = docOf([{ insert: "one two" }]);
    const quill = new TestQuill(doc);
    quill.setSelection(4, 3, "user");
    quill.focused = false;
    doc.remote([{ insert: "zero " }]);
    await microtasks();
    expect(quill.selection.savedRange).toEqual({ index: 9, length: 3 });
  });

  it("a caret amid an emoji goes behind it", async () => {
    const quill = new TestQuill(docOf([{ insert: "a\u{1F600}b" }]));
    quill.setSelection(2, 0, "silent");
    await microtasks();
    expect(quill.selected).toEqual({ index: 3, length: 0 });
  });

  it("may not be typed in while the document takes no edits, and may again afterwards", async () => {
    const doc = docOf([{ insert: "a" }]);
    const quill = new TestQuill(doc);
    doc.status = "Read-only mode";
    await microtasks();
    expect(quill.enabled).toBe(false);
    doc.status = "Saved";
    await microtasks();
    expect(quill.enabled).toBe(true);
  });

  it("stops when it is destroyed", async () => {
    const doc = docOf([{ insert: "a" }]);
    const quill = new TestQuill(doc);
    quill.binding.destroy();
    doc.remote([{ insert: "X" }]);
    type(quill, 0, "Y");
    await microtasks();
    expect([doc.text(), quill.text]).toEqual(["Xa", "Ya\n"]);
  });
});

describe("several Quills on one document", () => {
  const steps = fc.array(fc.record({ who: fc.nat({ max: 2 }), what: fc.nat({ max: 5 }), target: documents }), {
    maxLength: 12,
  });

  it("converge, and each shows all of the document that Quill can show, whatever is done and delayed", async () => {
    await fc.assert(
      fc.asyncProperty(documents, steps, async (content, todo) => {
        const room = new LocalRoom(content, 3);
        const told: unknown[] = [];
        const quills = room.members.map((doc) => new TestQuill(doc, (error) => told.push(error)));
        for (const { who, what, target } of todo) {
          const quill = quills[who];
          if (quill === undefined) continue;
          if (what === 0) room.send(who);
          else if (what === 1) room.receive(who);
          else if (what === 2) quill.composition.isComposing = true;
          else if (what === 3) quill.endComposition();
          else quill.edit(diff(quill.content, shownOf(target)));
          if (what === 5) await microtasks();
        }
        for (const quill of quills) quill.endComposition();
        await microtasks();
        room.settle();
        await microtasks();
        expect(told).toEqual([]);
        for (const [index, doc] of room.members.entries()) {
          expect(doc.content()).toEqual(room.members[0]?.content());
          expect(quills[index]?.content).toEqual(wanted(doc));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("an edit of any kind ends in what is shown of the document", () => {
    check(
      fc.property(documents, documents, (content, target) => {
        const doc = new LocalDocument(content);
        const quill = new TestQuill(doc);
        quill.edit(diff(quill.content, shownOf(target)));
        expect(doc.text()).toBe(quill.text.slice(0, doc.length));
      }),
    );
  });
});
