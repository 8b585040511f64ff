import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compose,
  Document,
  EMBED_CHARACTER,
  invert,
  type JsonValue,
  normalise,
  OperationBuilder,
  OperationError,
} from "../src/index.js";
import { delta, documents, holds } from "./generators.js";

/** The error that `attempt` throws, as code and component. */
function refusal(attempt: () => unknown): { code: string; component: number | undefined } {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { code: error.code, component: error.component };
  }
  throw new Error("nothing was refused");
}

describe("Document", () => {
  it("gives back what it was made from", () => {
    holds(delta, (content) => expect(Document.fromDelta(content).toDelta()).toEqual(normalise(content)));
  });

  it("takes Quill's { ops } and Delta instances", () => {
    class Delta {
      ops = [{ insert: "a" }, { insert: "b", attributes: {} }];
    }
    expect(Document.fromDelta({ ops: [{ insert: "ab" }] }).toDelta()).toEqual([{ insert: "ab" }]);
    expect(Document.fromDelta(new Delta()).toDelta()).toEqual([{ insert: "ab" }]);
  });

  it("is made of inserts alone, also where the content is trusted", () => {
    expect(refusal(() => Document.fromOperation([{ insert: "a" }, { retain: 1 }]))).toEqual({
      code: "malformed",
      component: 1,
    });
  });

  it("leaves out the bit: a document has no author", () => {
    expect(Document.fromDelta([{ insert: "a" }, { insert: "b", continues: true }]).toDelta()).toEqual([
      { insert: "ab" },
    ]);
  });

  it("counts UTF-16 units; an embed counts one and shows as one character", () => {
    const document = Document.fromDelta([{ insert: "a😀" }, { insert: { image: "x" } }, { insert: "é" }]);
    expect(document.length).toBe(5);
    expect(document.text()).toBe(`a😀${EMBED_CHARACTER}é`);
    holds(documents, (some) => expect(some.text().length).toBe(some.length));
  });

  it("slices like its text, and cuts a range at the ends", () => {
    holds(fc.tuple(documents, fc.nat(20), fc.nat(20)), ([document, a, b]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const plain = document.text();
      if (tears(plain, from) || tears(plain, to)) {
        expect(refusal(() => document.slice(from, to)).code).toBe("surrogate_split");
      } else {
        expect(Document.fromDelta(document.slice(from, to)).text()).toBe(plain.slice(from, to));
      }
    });
    expect(Document.fromDelta([{ insert: "abc" }]).slice(-5, 99)).toEqual([{ insert: "abc" }]);
  });

  it("does not notice when its source changes later", () => {
    const attributes = { bold: true, deep: { list: [1] } };
    const source = [{ insert: "a", attributes }, { insert: { image: { src: "x" } } }];
    const document = Document.fromDelta(source);
    const before = JSON.stringify(document.toDelta());
    attributes.bold = false;
    attributes.deep.list.push(2);
    (source[1] as { insert: { image: { src: string } } }).insert.image.src = "evil";
    source.pop();
    expect(JSON.stringify(document.toDelta())).toBe(before);
  });

  it("keeps attributes with the names of object internals", () => {
    const attributes = JSON.parse('{"__proto__":{"x":1},"constructor":"c","toString":"t"}');
    const document = Document.fromDelta([{ insert: "ab", attributes }]);
    expect(JSON.stringify(document.toDelta())).toBe(JSON.stringify([{ insert: "ab", attributes }]));
    const clear = [{ retain: 2, attributes: JSON.parse('{"__proto__":null,"constructor":null,"toString":null}') }];
    const bare = document.apply(clear);
    expect(bare.toDelta()).toEqual([{ insert: "ab" }]);
    expect(JSON.stringify(bare.apply(invert(clear, document)).toDelta())).toBe(JSON.stringify(document.toDelta()));
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  function tears(plain: string, at: number): boolean {
    return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(plain.slice(Math.max(0, at - 1), at + 1));
  }
});

describe("Document.apply refuses", () => {
  const document = Document.fromDelta([{ insert: "ab😀cd" }]);
  const loose = (operation: unknown) => () => document.apply(operation as never);
  const cases: readonly (readonly [string, unknown, string, number | undefined])[] = [
    ["a retain behind the end", [{ retain: 7, attributes: { b: 1 } }], "out_of_range", 0],
    ["a plain retain behind the end", [{ insert: "x" }, { retain: 7 }], "out_of_range", 1],
    ["a delete behind the end", [{ retain: 6 }, { delete: 1 }], "out_of_range", 1],
    ["an insert inside a pair", [{ retain: 3 }, { insert: "x" }], "surrogate_split", 0],
    ["deleting half a pair", [{ retain: 2 }, { delete: 1 }], "surrogate_split", 1],
    ["deleting the other half", [{ retain: 3 }, { delete: 1 }], "surrogate_split", 0],
    ["formatting half a pair", [{ retain: 3, attributes: { b: 1 } }], "surrogate_split", 0],
    ["a high surrogate alone", [{ insert: "\uD83D" }], "lone_surrogate", 0],
    ["a low surrogate alone", [{ retain: 1 }, { insert: "x\uDE00" }], "lone_surrogate", 1],
    ["halves in two inserts", [{ insert: "\uD83D" }, { insert: "\uDE00" }], "lone_surrogate", 0],
    ["no list", { insert: "x" }, "malformed", undefined],
    ["nothing", undefined, "malformed", undefined],
    ["null", null, "malformed", undefined],
    ["a string", "abc", "malformed", undefined],
    ["a null component", [{ retain: 1 }, null], "malformed", 1],
    ["a hole", Object.assign(new Array(3), { 0: { retain: 1 }, 2: { retain: 1 } }), "malformed", 1],
    ["a number as component", [3], "malformed", 0],
    ["no kind", [{}], "malformed", 0],
    ["two kinds", [{ insert: "a", retain: 1 }], "malformed", 0],
    ["a negative length", [{ delete: -1 }], "malformed", 0],
    ["a broken length", [{ retain: 1.5 }], "malformed", 0],
    ["NaN", [{ retain: Number.NaN }], "malformed", 0],
    ["a length in a string", [{ retain: "2" }], "malformed", 0],
    ["a bigint", [{ delete: 1n }], "malformed", 0],
    ["an insert of null", [{ insert: null }], "malformed", 0],
    ["an insert of a number", [{ insert: 5 }], "malformed", 0],
    ["an insert of a list", [{ insert: ["x"] }], "malformed", 0],
    ["an embed of two kinds", [{ insert: { a: 1, b: 2 } }], "malformed", 0],
    ["attributes in a list", [{ retain: 1, attributes: [] }], "malformed", 0],
    ["attributes in a string", [{ insert: "x", attributes: "bold" }], "malformed", 0],
  ];
  for (const [name, operation, code, component] of cases) {
    it(`${name}: ${code}`, () => {
      const before = [document.checksum, document.text()];
      expect(refusal(loose(operation))).toEqual({ code, component });
      expect([document.checksum, document.text()]).toEqual(before);
    });
  }

  it("what reaches behind the end also in invert", () => {
    expect(refusal(() => invert([{ retain: 6 }, { delete: 1 }], document)).code).toBe("out_of_range");
    expect(refusal(() => invert([{ retain: 2 }, { delete: 1 }], document)).code).toBe("surrogate_split");
  });

  it("but takes empty components, neighbours that belong together, and trailing retains", () => {
    expect(document.apply([{ retain: 0 }, { insert: "" }, { delete: 0 }]).text()).toBe("ab😀cd");
    expect(document.apply([{ retain: 6 }]).text()).toBe("ab😀cd");
    // The cut between two plain retains, or two deletes, is no cut.
    expect(document.apply([{ retain: 2 }, { retain: 1 }, { retain: 1 }, { delete: 1 }]).text()).toBe("ab😀d");
    expect(document.apply([{ retain: 2 }, { delete: 1 }, { insert: "x" }, { delete: 1 }]).text()).toBe("abxcd");
  });
});

describe("OperationBuilder", () => {
  it("hands out a list of its own each time", () => {
    const builder = new OperationBuilder().insert("a").retain(3);
    const first = builder.build();
    expect(first).toEqual([{ insert: "a" }]);
    expect(builder.insert("b").build()).toEqual([{ insert: "a" }, { retain: 3 }, { insert: "b" }]);
    expect(first).toEqual([{ insert: "a" }]);
  });

  it("leaves out what says nothing", () => {
    const builder = new OperationBuilder();
    builder.insert("").retain(0).delete(0).delete(-1).retain(-2).push({ retain: 0 }).push({ insert: "" });
    builder.insert("a", { bold: null }).insert("b", {}).retain(1, {});
    expect(builder.build()).toEqual([{ insert: "ab" }]);
  });

  it("puts inserts before deletes and merges over them", () => {
    const builder = new OperationBuilder().insert("a").delete(1).insert("b").delete(2).insert("c", undefined, true);
    expect(builder.build()).toEqual([{ insert: "ab" }, { insert: "c", continues: true }, { delete: 3 }]);
  });
});

describe("equal formatting", () => {
  const run = (insert: string, value: JsonValue) => ({ insert, attributes: { value } });

  it("is told by value, lists and objects included, so that neighbours merge and others don't", () => {
    const same: readonly (readonly [JsonValue, JsonValue])[] = [
      [
        [1, [2]],
        [1, [2]],
      ],
      [
        { a: 1, b: [true] },
        { b: [true], a: 1 },
      ],
      [[], []],
    ];
    const different: readonly (readonly [JsonValue, JsonValue])[] = [
      [[1, 2], [1]],
      [[1], { 0: 1 }],
      [[], {}],
      [[null], [0]],
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [1, "1"],
    ];
    for (const [a, b] of same) expect(Document.fromDelta([run("x", a), run("y", b)]).toDelta()).toHaveLength(1);
    for (const [a, b] of different) expect(Document.fromDelta([run("x", a), run("y", b)]).toDelta()).toHaveLength(2);
  });
});

describe("size", () => {
  // A quadratic step anywhere would take minutes here.
  const COUNT = 100_000;
  const long = (letter: string) => {
    const builder = new OperationBuilder();
    for (let count = 0; count < COUNT; count += 1) builder.retain(1).insert(letter).delete(1);
    return builder.build();
  };

  it("composes, transforms and inverts operations of 100,000 components", async () => {
    const { transform } = await import("../src/index.js");
    const base = Document.fromDelta([{ insert: "ab".repeat(COUNT) }]);
    const [a, b] = [long("x"), long("y")];
    const left = base.apply(compose(a, transform(a, b, "before")));
    const right = base.apply(compose(b, transform(b, a, "after")));
    expect(left.checksum).toBe(right.checksum);
    expect(left.length).toBe(3 * COUNT);
    expect(base.apply(a).apply(invert(a, base)).checksum).toBe(base.checksum);
  });

  it("builds a document of 100,000 runs", () => {
    const content = Array.from({ length: COUNT }, (_, at) => ({ insert: "x", attributes: { n: at % 2 } }));
    expect(Document.fromDelta(content).length).toBe(COUNT);
  });
});
