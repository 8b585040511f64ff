import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyWithEmbeds,
  compose,
  Document,
  decodeOperation,
  EMPTY_UNDO_HISTORY,
  type EmbedTypes,
  encodeOperation,
  invert,
  NO_EMBED_TYPES,
  normalise,
  type Operation,
  OperationBuilder,
  OperationError,
  operationToJson,
  parseOperation,
  rebaseHistory,
  recordEdit,
  resolveChanges,
  takeStep,
  transform,
} from "../src/index.js";
import { normalForm } from "../src/normal-form.js";
import { holds, withoutBits } from "./generators.js";
import { naiveApply, naiveCompose, naiveTransform } from "./oracle.js";
import { concurrentRich, consecutiveRich, type RichCase } from "./rich-cases.js";
import { TYPES } from "./sample-embeds.js";

const modes = fc.constantFrom("merge", "keep") as fc.Arbitrary<"merge" | "keep">;
const orders = fc.constantFrom("before", "after") as fc.Arbitrary<"before" | "after">;
const of = ({ operations }: RichCase): [Operation, Operation, Operation] => {
  const [a = [], b = [], c = []] = operations;
  return [a, b, c];
};
const codeOf = (attempt: () => unknown): readonly [string, number?] | undefined => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.component === undefined ? [error.code] : [error.code, error.component];
  }
};

for (const [name, embeds] of [
  ["with handlers", TYPES],
  ["without handlers", NO_EMBED_TYPES],
] as readonly (readonly [string, EmbedTypes])[]) {
  describe(`edits inside embeds and kinds to come, ${name}`, () => {
    it("hold TP1 as equality of operations but for lost bits, and of documents", () => {
      holds(
        fc.tuple(concurrentRich(2), modes),
        ([rich, identical]) => {
          const [a, b] = of(rich);
          const options = { identical, embeds };
          const bAfterA = transform(a, b, "before", options);
          const aAfterB = transform(b, a, "after", options);
          expect(withoutBits(compose(a, bAfterA, embeds))).toEqual(withoutBits(compose(b, aAfterB, embeds)));
          const left = applyWithEmbeds(applyWithEmbeds(rich.base, a, embeds), bAfterA, embeds);
          const right = applyWithEmbeds(applyWithEmbeds(rich.base, b, embeds), aAfterB, embeds);
          expect(left.toDelta()).toEqual(right.toDelta());
          expect(left.checksum).toBe(right.checksum);
        },
        2,
      );
    });

    it("compose: associative, and the same as one after the other", () => {
      holds(consecutiveRich(3), (rich) => {
        const [a, b, c] = of(rich);
        expect(compose(compose(a, b, embeds), c, embeds)).toEqual(compose(a, compose(b, c, embeds), embeds));
        const stepwise = applyWithEmbeds(applyWithEmbeds(rich.base, a, embeds), b, embeds);
        expect(applyWithEmbeds(rich.base, compose(a, b, embeds), embeds).toDelta()).toEqual(stepwise.toDelta());
      });
    });

    it("invert", () => {
      holds(consecutiveRich(1), (rich) => {
        const [a] = of(rich);
        const after = applyWithEmbeds(rich.base, a, embeds);
        const inverse = invert(a, rich.base, embeds);
        expect(applyWithEmbeds(after, inverse, embeds).toDelta()).toEqual(rich.base.toDelta());
        expect(normalForm(inverse)).toBe(inverse);
      });
    });

    it("agree with the oracle", () => {
      holds(fc.tuple(concurrentRich(2), orders, modes), ([rich, order, identical]) => {
        const [a, b] = of(rich);
        expect(transform(a, b, order, { identical, embeds })).toEqual(naiveTransform(a, b, order, identical, embeds));
        expect(applyWithEmbeds(rich.base, a, embeds).toDelta()).toEqual(naiveApply(rich.base.toDelta(), a, embeds));
      });
      holds(consecutiveRich(2), (rich) => {
        const [a, b] = of(rich);
        expect(compose(a, b, embeds)).toEqual(naiveCompose(a, b, embeds));
      });
    });
  });
}

describe("the two forms", () => {
  it("JSON and bytes bring everything back", () => {
    holds(consecutiveRich(2), (rich) => {
      const [a, b] = of(rich);
      for (const operation of [a, b, compose(a, b, TYPES), compose(a, b)]) {
        expect(parseOperation(JSON.parse(JSON.stringify(operation)))).toEqual(operation);
        expect(parseOperation(JSON.parse(JSON.stringify(operationToJson(operation))))).toEqual(operation);
        expect(decodeOperation(encodeOperation(operation))).toEqual(operation);
        expect(normalise(operationToJson(operation) as unknown as Operation)).toEqual(operation);
        expect(normalForm(operation)).toBe(operation);
      }
    });
  });

  it("JSON is Quill's, and kinds to come are as they came", () => {
    const json = [
      { retain: { count: 1 }, attributes: { bold: true } },
      { move: { to: 7 }, length: 3, attributes: { by: "a" } },
      { insert: "x" },
    ];
    expect(operationToJson(parseOperation(json))).toEqual(json);
    expect(parseOperation(json)[0]).toEqual({ retain: 1, change: { count: 1 }, attributes: { bold: true } });
    expect([...encodeOperation(parseOperation([json[2]]))][0]).toBe(1);
    expect([...encodeOperation(parseOperation(json))][0]).toBe(2);
  });

  it("the builder makes them", () => {
    const built = new OperationBuilder()
      .retain(2)
      .change({ count: 1 }, { bold: null })
      .change({ count: 1 })
      .skip({ move: 1, length: 2 })
      .build();
    expect(operationToJson(built)).toEqual([
      { retain: 2 },
      { retain: { count: 1 }, attributes: { bold: null } },
      { retain: { count: 1 } },
      { move: 1, length: 2 },
    ]);
  });

  const refused: readonly (readonly [string, unknown, string, number])[] = [
    ["a kind to come without length", [{ insert: "a" }, { move: 3 }], "malformed", 1],
    ["a kind to come with length 0", [{ move: 3, length: 0 }], "malformed", 0],
    ["a kind to come that is too deep", [{ move: [[[[[[[[[1]]]]]]]]], length: 1 }], "too_deep", 0],
    ["a kind to come that is too large", [{ move: "x".repeat(20_000), length: 1 }], "too_large", 0],
    ["a kind to come beyond any document", [{ move: 1, length: 2 ** 31 }], "out_of_range", 0],
    ["a change of two kinds", [{ retain: { a: 1, b: 2 } }], "malformed", 0],
    ["a change of many units", [{ retain: 2, change: { a: 1 } }], "malformed", 0],
    ["a change that is a list", [{ retain: 1, change: [1] }], "malformed", 0],
    ["half a pair in a change", [{ retain: { a: "\uD800" } }], "lone_surrogate", 0],
    ["a piece that is none", [{ retain: 1, skipped: 5 }], "malformed", 0],
    ["a piece without place", [{ retain: 1, skipped: { component: { length: 2 } } }], "malformed", 0],
    ["a piece of nothing", [{ retain: 1, skipped: { component: {}, from: 0 } }], "malformed", 0],
    ["a piece beyond the component", [{ retain: 2, skipped: { component: { length: 2 }, from: 1 } }], "malformed", 0],
    ["a piece in front of it", [{ retain: 2, skipped: { component: { length: 2 }, from: -1 } }], "malformed", 0],
    ["a piece at a fraction", [{ retain: 1, skipped: { component: { length: 2 }, from: 0.5 } }], "malformed", 0],
  ];
  for (const [title, json, ...expected] of refused) {
    it(`refuse ${title}`, () => expect(codeOf(() => parseOperation(json))).toEqual(expected));
  }

  it("refuse a delete with a flag in version 1, which no encoder writes", () => {
    expect(codeOf(() => decodeOperation(Uint8Array.from([1, 27])))).toEqual(["malformed"]);
    expect(codeOf(() => decodeOperation(Uint8Array.from([2, 27])))).toEqual(["malformed"]);
  });
});

describe("a kind to come", () => {
  const move = { move: "up", length: 3 };
  const [skip] = parseOperation([move]);
  const text = Document.fromDelta([{ insert: "abcdef" }]);

  it("is a plain retain for the document, however it is written", () => {
    const raw = [{ insert: "x" }, move, { delete: 1 }] as unknown as Operation;
    expect(text.apply(raw).text()).toBe("xabcef");
    expect(codeOf(() => text.apply([move, move, move] as unknown as Operation))).toEqual(["out_of_range", 2]);
    expect(invert(raw, text)).toEqual([{ delete: 1 }, { retain: 3 }, { insert: "d" }]);
  });

  it("stays with its units: cut by an insert, joined again when that is gone", () => {
    const cut = transform([{ retain: 1 }, { insert: "x" }], [skip as Operation[number]], "before");
    expect(cut).toEqual([
      { retain: 1, skipped: { component: move, from: 0 } },
      { retain: 1 },
      { retain: 2, skipped: { component: move, from: 1 } },
    ]);
    expect(compose(cut, [{ retain: 1 }, { delete: 1 }])).toEqual([
      { retain: 1, skipped: { component: move, from: 0 } },
      { delete: 1 },
      { retain: 2, skipped: { component: move, from: 1 } },
    ]);
    const inserted = compose([{ retain: 1 }, { insert: "x" }], cut);
    expect(operationToJson(compose(inserted, [{ retain: 1 }, { delete: 1 }]))).toEqual([move]);
  });

  it("does not merge with another one beside it", () => {
    const twice = parseOperation([move, move, { other: 1, length: 1 }]);
    expect(operationToJson(twice)).toEqual([move, move, { other: 1, length: 1 }]);
    expect(parseOperation([{ retain: 1 }, move])).toHaveLength(2);
    const apart = { ...move, move: "down" };
    expect(
      normalise([
        { retain: 1, skipped: { component: move, from: 0 } },
        { retain: 1, skipped: { component: apart, from: 1 } },
      ]),
    ).toHaveLength(2);
  });
});

describe("compose", () => {
  it("can be handed to reduce as it is, with no embed types then", () => {
    const change: Operation = [{ retain: 1, change: { count: 1 } }];
    expect([change, change, [{ retain: 1 }, { insert: "x" }] as Operation].reduce(compose)).toEqual([
      ...change,
      { insert: "x" },
    ]);
  });
});

describe("edits inside an embed", () => {
  const base = Document.fromDelta([{ insert: "a" }, { insert: { count: 5 }, attributes: { bold: true } }]);
  const add: Operation = [{ retain: 1 }, { retain: 1, change: { count: 2 } }];

  it("are stepped over by a document alone, also in Quill's spelling", () => {
    expect(base.apply(add).toDelta()).toEqual(base.toDelta());
    const quill = [{ retain: 1 }, { retain: { count: 2 } }, { insert: "!" }] as unknown as Operation;
    expect(base.apply(quill).text()).toBe("a\uFFFC!");
    expect(applyWithEmbeds(base, quill, TYPES).toDelta()[1]).toEqual({
      insert: { count: 7 },
      attributes: { bold: true },
    });
  });

  it("are refused on half a character", () => {
    const smile = Document.fromDelta([{ insert: "😀" }]);
    expect(codeOf(() => applyWithEmbeds(smile, [{ retain: 1, change: { count: 1 } }], TYPES))).toEqual([
      "malformed",
      0,
    ]);
  });

  it("can be written as the embed replaced, formatting included", () => {
    expect(resolveChanges(add, base, TYPES)).toEqual([
      { retain: 1 },
      { insert: { count: 7 }, attributes: { bold: true } },
      { delete: 1 },
    ]);
    expect(resolveChanges(add, base, NO_EMBED_TYPES)).toEqual(add);
    const after = applyWithEmbeds(
      base,
      [...add.slice(0, 1), { ...add[1], retain: 1, attributes: { bold: null } }],
      TYPES,
    );
    expect(after.toDelta()).toEqual([{ insert: "a" }, { insert: { count: 7 } }]);
  });

  it("are refused where there is no such embed", () => {
    expect(codeOf(() => applyWithEmbeds(base, [{ retain: 1, change: { count: 1 } }], TYPES))).toEqual(["malformed", 0]);
    expect(codeOf(() => applyWithEmbeds(base, [{ retain: 1 }, { retain: 1, change: { note: [] } }], TYPES))).toEqual([
      "malformed",
      1,
    ]);
    expect(codeOf(() => applyWithEmbeds(base, [{ retain: 2 }, { retain: 1, change: { count: 1 } }], TYPES))).toEqual([
      "out_of_range",
    ]);
    expect(codeOf(() => compose([{ insert: "a" }], [{ retain: 1, change: { count: 1 } }], TYPES))).toEqual([
      "malformed",
    ]);
    expect(invert([{ retain: 1, change: { count: 1 } }], base, TYPES)).toEqual([]);
    expect(invert([{ retain: 1 }, { retain: 1, change: { note: [] } }], base, TYPES)).toEqual([]);
  });

  it("of different kinds on one unit: the later commit stays", () => {
    const [a, b]: Operation[] = [[{ retain: 1, change: { count: 1 } }], [{ retain: 1, change: { note: [] } }]];
    expect(compose(a ?? [], b ?? [], TYPES)).toEqual(b);
    expect(transform(a ?? [], b ?? [], "before", { embeds: TYPES })).toEqual(b);
    expect(transform(b ?? [], a ?? [], "after", { embeds: TYPES })).toEqual([]);
  });

  it("are undone without what others added meanwhile", () => {
    const mine: Operation = [{ retain: 1 }, { retain: 1, change: { count: 2 } }];
    const theirs: Operation = [{ retain: 1 }, { retain: 1, change: { count: 10 } }];
    let history = recordEdit(EMPTY_UNDO_HISTORY, invert(mine, base, TYPES), false, TYPES);
    history = recordEdit(history, invert(mine, base, TYPES), true, TYPES);
    history = rebaseHistory(rebaseHistory(history, theirs, TYPES), theirs, TYPES);
    const now = [mine, mine, theirs, theirs].reduce(
      (document, operation) => applyWithEmbeds(document, operation, TYPES),
      base,
    );
    const step = takeStep(history, "undo", TYPES)?.operation ?? [];
    expect(applyWithEmbeds(now, step, TYPES).toDelta()[1]).toEqual({
      insert: { count: 25 },
      attributes: { bold: true },
    });
  });
});
