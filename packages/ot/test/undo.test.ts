import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compose,
  Document,
  EMPTY_UNDO_HISTORY,
  invert,
  type Operation,
  OperationBuilder,
  putStep,
  rebaseHistory,
  recordEdit,
  takeStep,
  type UndoHistory,
} from "../src/index.js";
import { documents, holds, operationOn, steps } from "./generators.js";

/** One person's view, with undo. */
class Person {
  document: Document;
  history: UndoHistory = EMPTY_UNDO_HISTORY;

  constructor(document: Document) {
    this.document = document;
  }

  edit(operation: Operation, merge = false): void {
    this.history = recordEdit(this.history, invert(operation, this.document), merge);
    this.document = this.document.apply(operation);
  }

  remote(operation: Operation): void {
    this.history = rebaseHistory(this.history, operation);
    this.document = this.document.apply(operation);
  }

  step(kind: "undo" | "redo"): boolean {
    const taken = takeStep(this.history, kind);
    if (taken === undefined) return false;
    const inverse = invert(taken.operation, this.document);
    this.document = this.document.apply(taken.operation);
    this.history = putStep(taken.rest, kind === "undo" ? "redo" : "undo", inverse);
    return true;
  }
}

const type = (index: number, insert: string): Operation => [{ retain: index }, { insert }];

describe("undo", () => {
  it("of everything brings back the start, and redo the end, for any edits", () => {
    holds(fc.tuple(documents, fc.array(steps, { maxLength: 6 })), ([base, all]) => {
      const person = new Person(base);
      for (const taken of all) person.edit(operationOn(person.document, taken));
      const end = person.document;
      while (person.step("undo"));
      expect(person.document.toDelta()).toEqual(base.toDelta());
      while (person.step("redo"));
      expect(person.document.toDelta()).toEqual(end.toDelta());
      expect(person.document.checksum).toBe(end.checksum);
    });
  });

  it("then redo is where one was, whatever others did before", () => {
    const script = fc.array(fc.record({ remote: fc.boolean(), steps }), { minLength: 1, maxLength: 8 });
    holds(fc.tuple(documents, script), ([base, events]) => {
      const person = new Person(base);
      for (const event of events) {
        const operation = operationOn(person.document, event.steps);
        if (event.remote) person.remote(operation);
        else person.edit(operation);
      }
      const end = person.document.toDelta();
      if (person.step("undo")) {
        expect(person.step("redo")).toBe(true);
        expect(person.document.toDelta()).toEqual(end);
      }
    });
  });

  it("never takes away or brings back what somebody else typed or deleted", () => {
    // Mine are capitals, theirs are digits; the start is small letters.
    const script = fc.array(fc.record({ remote: fc.boolean(), at: fc.nat(30), remove: fc.nat(3), add: fc.nat(3) }), {
      minLength: 1,
      maxLength: 12,
    });
    holds(fc.tuple(script, fc.nat(12), fc.boolean()), ([events, undos, again]) => {
      const person = new Person(Document.fromDelta([{ insert: "abcdefgh" }]));
      let fresh = 0;
      for (const { remote, at, remove, add } of events) {
        const text = person.document.text();
        const index = Math.min(at, text.length);
        // They delete only the start's letters and digits; I delete only capitals and the start's letters.
        const foreign = remote ? /[A-Z]/ : /[0-9]/;
        const length = foreign.test(text.slice(index, index + remove)) ? 0 : Math.min(remove, text.length - index);
        const letters = Array.from({ length: add }, () => String.fromCharCode((remote ? 0x30 : 0x41) + (fresh++ % 10)));
        const operation = new OperationBuilder().retain(index).insert(letters.join("")).delete(length).build();
        if (remote) person.remote(operation);
        else person.edit(operation);
      }
      const theirs = person.document.text().replace(/[^0-9]/g, "");
      for (let count = 0; count < undos; count += 1) person.step("undo");
      if (again) while (person.step("redo"));
      expect(person.document.text().replace(/[^0-9]/g, "")).toBe(theirs);
    });
  });

  it("removes only my letters from a text that somebody else typed into", () => {
    const person = new Person(Document.empty);
    person.edit(type(0, "hello"));
    person.remote(type(2, "XY"));
    person.step("undo");
    expect(person.document.text()).toBe("XY");
    person.step("redo");
    expect(person.document.text()).toBe("heXYllo");
  });

  it("skips an edit of which others left nothing", () => {
    const person = new Person(Document.fromDelta([{ insert: "base" }]));
    person.edit(type(4, "!"));
    person.edit(type(0, "gone"));
    person.remote([{ delete: 4 }]);
    expect(person.document.text()).toBe("base!");
    person.step("undo");
    expect(person.document.text()).toBe("base");
    expect(person.step("undo")).toBe(false);
  });

  it("puts text back where it was among what others wrote meanwhile", () => {
    const person = new Person(Document.fromDelta([{ insert: "one two three" }]));
    person.edit([{ retain: 4 }, { delete: 4 }]);
    person.remote(type(0, ">> "));
    person.step("undo");
    expect(person.document.text()).toBe(">> one two three");
  });

  it("takes back find and replace all in one step (C15)", () => {
    const text = "cat dog cat dog cat";
    const person = new Person(Document.fromDelta([{ insert: text }]));
    const replace = new OperationBuilder();
    for (const word of text.split(" ")) {
      if (word === "cat") replace.insert("mouse").delete(3).retain(1);
      else replace.retain(4);
    }
    person.edit(replace.build());
    expect(person.document.text()).toBe("mouse dog mouse dog mouse");
    person.remote(type(10, "hot"));
    person.step("undo");
    expect(person.document.text()).toBe("cat dog hotcat dog cat");
  });

  it("makes one step of edits that are merged", () => {
    const person = new Person(Document.empty);
    for (const [at, letter] of [..."word"].entries()) person.edit(type(at, letter), at > 0);
    person.step("undo");
    expect(person.document.text()).toBe("");
    expect(person.history.undo).toEqual([]);
  });

  it("forgets what could be redone at the next edit, and the oldest edits beyond 500", () => {
    const person = new Person(Document.empty);
    person.edit(type(0, "a"));
    person.step("undo");
    person.edit(type(0, "b"));
    expect(person.step("redo")).toBe(false);
    for (let count = 0; count < 600; count += 1) person.edit(type(0, "x"));
    expect(person.history.undo.length).toBe(500);
  });

  it("restores formatting, not only text", () => {
    const person = new Person(Document.fromDelta([{ insert: "ab", attributes: { bold: true } }, { insert: "cd" }]));
    const before = person.document.toDelta();
    person.edit(compose([{ retain: 4, attributes: { bold: null, colour: "red" } }], [{ retain: 1 }, { delete: 2 }]));
    person.step("undo");
    expect(person.document.toDelta()).toEqual(before);
  });
});
