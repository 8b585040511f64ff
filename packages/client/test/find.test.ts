import { describe, expect, it } from "vitest";
import { type FindOptions, find, replaceAll } from "../src/find/index.js";
import { opened, unopened } from "./world.js";

function documentOf(...content: { insert: string | { image: string }; attributes?: { bold: true } }[]) {
  const world = unopened(content);
  world.server.pump();
  return world;
}

describe("find (C15)", () => {
  it.each<[string, string, FindOptions, readonly (readonly [number, number])[]]>([
    [
      "aXbxc",
      "x",
      {},
      [
        [1, 1],
        [3, 1],
      ],
    ],
    ["aXbxc", "x", { matchCase: true }, [[3, 1]]],
    [
      "aaaa",
      "aa",
      {},
      [
        [0, 2],
        [2, 2],
      ],
    ],
    ["Straße ÉCOLE", "école", {}, [[7, 5]]],
    ["one two\nthree", "two\nthree", {}, [[4, 9]]],
    ["a.c abc", "a.c", {}, [[0, 3]]],
    ["(x)[y]{z}", "(x)[y]{z}", {}, [[0, 9]]],
    [
      "cat concat cat_ cat, Cat",
      "cat",
      { wholeWord: true },
      [
        [0, 3],
        [16, 3],
        [21, 3],
      ],
    ],
    ["über überall", "über", { wholeWord: true }, [[0, 4]]],
    [
      "😀cat 𝒜cat cat",
      "cat",
      { wholeWord: true },
      [
        [2, 3],
        [12, 3],
      ],
    ],
    [
      "a1 b22 c",
      "\\d+",
      { regex: true },
      [
        [1, 1],
        [4, 2],
      ],
    ],
    [
      "one\ntwo",
      "^\\w",
      { regex: true },
      [
        [0, 1],
        [4, 1],
      ],
    ],
    ["one\ntwo", "e\\s", { regex: true }, []],
    [
      "a😀b😁",
      "[😀😁]",
      { regex: true },
      [
        [1, 2],
        [4, 2],
      ],
    ],
    [
      "a😀b",
      ".",
      { regex: true },
      [
        [0, 1],
        [1, 2],
        [3, 1],
      ],
    ],
    ["😀😀", "\ud83d", {}, []],
    ["abc", "x*", { regex: true }, []],
    ["", "a", {}, []],
  ])("%j holds %j (%j) at %j", (text, query, options, places) => {
    const { doc } = opened(text);
    expect(find(doc, query, options).map(({ index, length }) => [index, length])).toEqual(places);
  });

  it("never finds embeds, or anything that reaches over one", () => {
    const { doc } = documentOf({ insert: "a" }, { insert: { image: "a" } }, { insert: "b\uFFFC" });
    expect(find(doc, "\uFFFC")).toEqual([{ index: 3, length: 1 }]);
    expect(find(doc, "a.?b", { regex: true })).toEqual([]);
    expect(find(doc, "b", { wholeWord: true })).toEqual([{ index: 2, length: 1 }]);
  });

  it.each([
    ["", {}],
    ["x".repeat(10_001), {}],
    ["(", { regex: true }],
    ["a{2", { regex: true }],
    ["(a+)+$", { regex: true }],
    ["(?:a|a)*b", { regex: true }],
    ["((a)*b){2,}", { regex: true }],
  ])("refuses %j (%j)", (query, options) => {
    const { doc } = opened("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    expect(() => find(doc, query, options)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(() => replaceAll(doc, query, "", options)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(doc.canUndo).toBe(false);
  });

  it.each(["(a+)?b", "[(*+]+", "\\(a+\\)+", "(ab){2}", "a{1,3}b+"])("takes %j", (query) => {
    expect(find(opened("aab").doc, query, { regex: true })).toBeDefined();
  });

  it("gives up a search that takes too long", () => {
    const { doc, clock } = opened("x\n".repeat(100));
    let now = clock.now();
    clock.now = () => (now += 100);
    expect(() => find(doc, "x", { clock })).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("finds so many at most, and replaces no more in one go", () => {
    const { doc } = opened("x".repeat(200_001));
    expect(find(doc, "x")).toHaveLength(200_000);
    expect(() => replaceAll(doc, "x", "y")).toThrow(expect.objectContaining({ code: "operation_too_large" }));
    expect([doc.canUndo, doc.length]).toEqual([false, 200_001]);
  });
});

describe("replace all (C15)", () => {
  it("is one operation and one undo step", () => {
    const { doc, server, changes } = opened("one two one two one");
    expect(replaceAll(doc, "one", "three")).toBe(3);
    expect(doc.text()).toBe("three two three two three");
    expect(changes).toHaveLength(1);
    server.pump();
    expect(server.submits).toHaveLength(1);
    expect(server.document.text()).toBe(doc.text());
    doc.undo();
    expect([doc.text(), doc.canUndo]).toEqual(["one two one two one", false]);
  });

  it("takes more components than a server does in one operation", () => {
    const { doc, server } = opened("x ".repeat(40_000));
    expect(replaceAll(doc, "x", "y")).toBe(40_000);
    server.pump();
    expect(doc.text()).toBe("y ".repeat(40_000));
    expect(server.document.checksum).toBe(doc.checksum);
  });

  it("replaces one place alone, with what its expression caught; a place that is none is left as it is", () => {
    const { doc } = opened("a1 a2 a3");
    expect(replaceAll(doc, "a(\\d)", "$1b", { regex: true, at: 3 })).toBe(1);
    expect(doc.text()).toBe("a1 2b a3");
    expect(replaceAll(doc, "a", "x", { at: 1 })).toBe(0);
    expect(doc.text()).toBe("a1 2b a3");
    doc.undo();
    expect(doc.text()).toBe("a1 a2 a3");
  });

  it("touches no more than what differs, so that it merges with what others do there", () => {
    const { doc, server, changes } = opened("my colour, your colour");
    server.commit([{ retain: 5 }, { insert: "-" }]);
    replaceAll(doc, "colour", "color");
    expect(changes[0]?.delta).toEqual([{ retain: 7 }, { delete: 1 }, { retain: 12 }, { delete: 1 }]);
    server.pump();
    expect(doc.text()).toBe("my co-lor, your color");
    expect(server.document.text()).toBe(doc.text());
  });

  it("by two people at once is done once", () => {
    const { doc, server } = opened("a cat and a cat");
    replaceAll(doc, "cat", "dog");
    server.commit([{ retain: 2 }, { insert: "dog" }, { delete: 3 }, { retain: 7 }, { insert: "dog" }, { delete: 3 }]);
    server.pump();
    expect([doc.text(), server.document.text()]).toEqual(["a dog and a dog", "a dog and a dog"]);
  });

  it("gives what it inserts the attributes of the first unit that it replaces", () => {
    const bold = { bold: true } as const;
    const { doc } = documentOf({ insert: "x " }, { insert: "ab", attributes: bold }, { insert: "c ab" });
    replaceAll(doc, "abc", "abz");
    expect(doc.content()).toEqual([{ insert: "x " }, { insert: "abz", attributes: bold }, { insert: " ab" }]);
    replaceAll(doc, "ab", "");
    expect(doc.content()).toEqual([{ insert: "x " }, { insert: "z", attributes: bold }, { insert: " " }]);
  });

  it("does not cut a surrogate pair that both texts begin or end with half of", () => {
    const { doc } = opened("a😀b a😁b");
    expect(replaceAll(doc, "😀", "😃")).toBe(1);
    expect(replaceAll(doc, "😁b", "😃b")).toBe(1);
    expect(doc.text()).toBe("a😃b a😃b");
    expect(() => replaceAll(doc, "a", "\ud83d")).toThrow(expect.objectContaining({ code: "lone_surrogate" }));
  });

  it("with a regular expression puts in what was caught", () => {
    const { doc } = opened("Ann Lee, Bob Ray");
    const swapped = replaceAll(doc, "(\\w+) (?<last>\\w+)", "$<last> $1 $& $$ $7", { regex: true });
    expect([swapped, doc.text()]).toEqual([2, "Lee Ann Ann Lee $ $7, Ray Bob Bob Ray $ $7"]);
    expect(replaceAll(doc, "Lee", "$&")).toBe(2);
    expect(doc.text()).toContain("$& Ann Ann $&");
  });

  it("of nothing, or by the same, changes nothing", () => {
    const { doc, changes } = opened("abc");
    expect([replaceAll(doc, "x", "y"), replaceAll(doc, "b", "b", { matchCase: true })]).toEqual([0, 1]);
    expect([changes, doc.canUndo]).toEqual([[], false]);
  });
});
