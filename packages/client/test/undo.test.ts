import { describe, expect, it } from "vitest";
import { preload } from "../src/index.js";
import { opened } from "./world.js";

// The other half of the replica: it is not waited for here.
await preload();

describe("undo and redo (C7)", () => {
  it("take back and bring back my edits, and are saved like any edit", () => {
    const { server, doc } = opened("abc");
    expect([doc.canUndo, doc.undo(), doc.redo()]).toEqual([false, false, false]);
    doc.delete(0, 1);
    expect([doc.canUndo, doc.canRedo]).toEqual([true, false]);
    expect(doc.undo()).toBe(true);
    expect([doc.text(), doc.canUndo, doc.canRedo]).toEqual(["abc", false, true]);
    expect(doc.redo()).toBe(true);
    expect(doc.text()).toBe("bc");
    server.pump();
    expect(server.document.text()).toBe("bc");
  });

  it("leave everybody else's work alone, wherever it was made", () => {
    const { server, doc, changes } = opened("");
    doc.insert(0, "Hello");
    server.pump();
    server.commit([{ retain: 2 }, { insert: "---" }]);
    server.commit([{ insert: "> " }]);
    server.pump();
    expect(doc.text()).toBe("> He---llo");
    doc.undo();
    expect(doc.text()).toBe("> ---");
    expect(changes.at(-1)).toMatchObject({ origin: "local", source: undefined });
    doc.redo();
    expect(doc.text()).toBe("> He---llo");
    server.pump();
    expect(server.document.text()).toBe("> He---llo");
  });

  it("move over what comes while my edit is still in flight", () => {
    const { server, doc } = opened("abc");
    doc.insert(3, "1");
    server.commit([{ insert: "X" }]);
    server.pump();
    doc.undo();
    server.pump();
    expect([doc.text(), server.document.text()]).toEqual(["Xabc", "Xabc"]);
  });

  it("of a find-and-replace-all is one step", () => {
    const { doc } = opened("a-a-a");
    doc.edit([{ insert: "b" }, { delete: 1 }, { retain: 1 }, { insert: "b" }, { delete: 1 }]);
    doc.undo();
    expect(doc.text()).toBe("a-a-a");
  });

  it("of what somebody deleted altogether is nothing", () => {
    const { server, doc, changes } = opened("");
    doc.insert(0, "gone");
    server.pump();
    server.commit([{ delete: 4 }]);
    server.pump();
    const told = changes.length;
    expect([doc.undo(), doc.canUndo, changes.length]).toEqual([false, false, told]);
  });

  it("forget what could be redone when there is a new edit", () => {
    const { doc } = opened("");
    doc.insert(0, "a");
    doc.undo();
    doc.insert(0, "b");
    expect(doc.canRedo).toBe(false);
  });
});

describe("what is one undo step", () => {
  const type = (doc: ReturnType<typeof opened>["doc"], text: string): void => {
    for (const letter of text) doc.insert(doc.length, letter);
  };

  it("typing with short pauses", async () => {
    const { doc, clock } = opened("");
    type(doc, "one");
    await clock.advance(500);
    type(doc, " two");
    await clock.advance(501);
    type(doc, " three");
    doc.undo();
    expect(doc.text()).toBe("one two");
    doc.undo();
    expect(doc.text()).toBe("");
    doc.redo();
    expect(doc.text()).toBe("one two");
  });

  it("backspaces, and deletes, but not together with typing", () => {
    const { doc } = opened("abcdef");
    doc.insert(6, "gh");
    doc.delete(7, 1);
    doc.delete(6, 1);
    doc.delete(5, 1);
    doc.undo();
    expect(doc.text()).toBe("abcdefgh");
    doc.undo();
    expect(doc.text()).toBe("abcdef");
    doc.delete(1, 1);
    doc.delete(1, 1);
    doc.undo();
    expect(doc.text()).toBe("abcdef");
  });

  it("not typing at another place", () => {
    const { doc } = opened("abc");
    doc.insert(3, "1");
    doc.insert(0, "2");
    doc.undo();
    expect(doc.text()).toBe("abc1");
  });

  it("typing goes on where other people's edits moved it", () => {
    const { server, doc } = opened("abc");
    doc.insert(3, "1");
    server.commit([{ insert: "X" }]);
    server.pump();
    doc.insert(5, "2");
    doc.undo();
    expect(doc.text()).toBe("Xabc");
  });

  it("not an edit after an undo", () => {
    const { doc } = opened("abcd");
    doc.format(0, 1, { bold: true });
    doc.delete(3, 1);
    doc.undo();
    doc.delete(3, 1);
    doc.undo();
    expect(doc.content()).toEqual([{ insert: "a", attributes: { bold: true } }, { insert: "bcd" }]);
  });

  it("what the caller says: merge, or separate", () => {
    const { doc } = opened("");
    doc.edit([{ insert: "a" }]);
    doc.edit([{ retain: 1 }, { insert: "b" }], { undo: "separate" });
    doc.edit([{ insert: "c" }], { undo: "merge" });
    doc.undo();
    expect(doc.text()).toBe("a");
  });

  it("never an older one by accident, when somebody deleted all of the newest", () => {
    const { server, doc } = opened("");
    doc.insert(0, "one");
    doc.format(0, 3, { bold: true });
    doc.insert(3, "two");
    server.pump();
    server.commit([{ retain: 3 }, { delete: 3 }]);
    server.pump();
    doc.edit([{ retain: 3 }, { insert: "three" }], { undo: "merge" });
    doc.undo();
    expect(doc.content()).toEqual([{ insert: "one", attributes: { bold: true } }]);
  });
});

describe("the selection around an edit (C7)", () => {
  const selections = (changes: readonly { readonly selection?: unknown }[]) =>
    changes.map(({ selection }) => selection);

  it("comes back with undo, moved over what others did meanwhile", () => {
    const { doc, server, changes } = opened("one two three");
    doc.edit([{ retain: 4 }, { insert: "2" }, { delete: 3 }], { selection: { anchor: 4, head: 7 } });
    server.commit([{ insert: "zero " }]);
    server.pump();
    changes.length = 0;
    doc.undo();
    expect([doc.text(), selections(changes)]).toEqual(["zero one two three", [{ anchor: 9, head: 12 }]]);
  });

  it("of a step of several edits is that of the first; redo ends at the change, and undo again is where it was", () => {
    const { doc, server, changes } = opened("abc");
    doc.edit([{ retain: 3 }, { insert: "d" }], { selection: { anchor: 3, head: 1 } });
    doc.edit([{ retain: 4 }, { insert: "e" }], { selection: { anchor: 4, head: 4 } });
    changes.length = 0;
    doc.undo();
    server.pump();
    server.commit([{ insert: "> " }]);
    server.pump();
    doc.redo();
    doc.undo();
    expect(doc.text()).toBe("> abc");
    const undone = { anchor: 5, head: 3 };
    expect(selections(changes)).toEqual([{ anchor: 3, head: 1 }, undefined, { anchor: 7, head: 7 }, undone]);
  });

  it("is the place of the change where nobody said what was selected, and ends at the end of the text", () => {
    const { doc, changes } = opened("abc");
    doc.insert(3, "d");
    doc.edit([{ delete: 1 }], { selection: { anchor: -5, head: 99 }, undo: "separate" });
    changes.length = 0;
    doc.undo();
    doc.undo();
    expect(selections(changes)).toEqual([
      { anchor: 0, head: 4 },
      { anchor: 3, head: 3 },
    ]);
  });
});

describe("undo (C7) goes on", () => {
  it("across a reconnect, over what others did meanwhile", async () => {
    const { doc, server, clock } = opened("base");
    doc.insert(4, " mine");
    server.pump();
    server.connection.lose();
    doc.insert(0, "off ");
    server.commit([{ insert: "theirs " }]);
    await clock.advance(1000);
    server.pump();
    doc.undo();
    doc.undo();
    server.pump();
    expect([doc.text(), server.document.text()]).toEqual(["theirs base", "theirs base"]);
    doc.redo();
    doc.redo();
    server.pump();
    expect(server.document.text()).toBe("theirs off base mine");
  });

  it("after a divergence was repaired", async () => {
    const { doc, server, clock } = opened("base");
    doc.edit([{ retain: 4 }, { insert: " mine" }], { selection: { anchor: 4, head: 4 } });
    server.pump();
    server.document = server.document.apply([{ insert: "lost " }]);
    server.commit([{ retain: 9 }, { insert: "!" }]);
    server.pump();
    await clock.advance(1000);
    server.pump();
    expect(doc.text()).toBe(server.document.text());
    const selections: unknown[] = [];
    doc.on("change", ({ selection }) => selections.push(selection));
    doc.undo();
    server.pump();
    expect([doc.text(), server.document.text(), selections]).toEqual([
      "lost base!",
      "lost base!",
      [{ anchor: 9, head: 9 }],
    ]);
  });
});
