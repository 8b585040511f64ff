import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compose,
  Document,
  decodeOperation,
  encodeOperation,
  invert,
  normalise,
  type Operation,
  transform,
  transformPosition,
} from "../src/index.js";
import { normalForm } from "../src/normal-form.js";
import {
  concurrent,
  consecutive,
  delta,
  documents,
  holds,
  operationOn,
  scramble,
  steps,
  walk,
  withoutBits,
} from "./generators.js";
import { naiveApply, naiveCompose, naiveTransform } from "./oracle.js";

const modes = fc.constantFrom("merge", "keep") as fc.Arbitrary<"merge" | "keep">;
const orders = fc.constantFrom("before", "after") as fc.Arbitrary<"before" | "after">;

/** A pair of operations on one document; now and then the very same operation twice. */
const pair = fc.tuple(concurrent(2), fc.nat(4)).map(([{ base, operations }, chance]) => {
  const [a = [], b = []] = operations;
  return { base, a, b: chance === 0 ? a : b };
});
const [two, three] = [consecutive(2), consecutive(3)];

describe("transform", () => {
  it("holds TP1 as equality of operations but for lost bits, ties and both modes included", () => {
    holds(
      fc.tuple(pair, modes),
      ([{ a, b }, mode]) => {
        const aThenB = compose(a, transform(a, b, "before", mode));
        const bThenA = compose(b, transform(b, a, "after", mode));
        expect(withoutBits(aThenB)).toEqual(withoutBits(bThenA));
      },
      5,
    );
  });

  it("holds TP1 as equality of documents and checksums", () => {
    holds(fc.tuple(pair, modes), ([{ base, a, b }, mode]) => {
      const left = base.apply(a).apply(transform(a, b, "before", mode));
      const right = base.apply(b).apply(transform(b, a, "after", mode));
      expect(left.toDelta()).toEqual(right.toDelta());
      expect(left.checksum).toBe(right.checksum);
    });
  });

  it("agrees with the oracle", () => {
    holds(
      fc.tuple(pair, orders, modes),
      ([{ a, b }, order, mode]) => {
        expect(transform(a, b, order, mode)).toEqual(naiveTransform(a, b, order, mode));
      },
      2,
    );
  });

  it("keeps an operation as it is when the other one does nothing", () => {
    holds(fc.tuple(pair, orders), ([{ a }, order]) => {
      expect(transform([], a, order)).toEqual(a);
      expect(transform(a, [], order)).toEqual([]);
    });
  });
});

describe("compose", () => {
  it("is associative, bits included", () => {
    holds(
      three,
      ({ operations: [a = [], b = [], c = []] }) => {
        expect(compose(compose(a, b), c)).toEqual(compose(a, compose(b, c)));
      },
      3,
    );
  });

  it("does what applying one after the other does", () => {
    holds(two, ({ base, operations: [a = [], b = []] }) => {
      const stepwise = base.apply(a).apply(b);
      const atOnce = base.apply(compose(a, b));
      expect(atOnce.toDelta()).toEqual(stepwise.toDelta());
      expect(atOnce.checksum).toBe(stepwise.checksum);
    });
  });

  it("agrees with the oracle", () => {
    holds(
      two,
      ({ operations: [a = [], b = []] }) => {
        expect(compose(a, b)).toEqual(naiveCompose(a, b));
      },
      2,
    );
  });

  it("has the empty operation as its neutral element", () => {
    holds(two, ({ operations: [a = []] }) => {
      expect(compose(a, [])).toEqual(a);
      expect(compose([], a)).toEqual(a);
    });
  });
});

describe("apply and invert", () => {
  it("apply agrees with the oracle and leaves the old version alone", () => {
    holds(two, ({ base, operations: [a = []] }) => {
      const before = base.toDelta();
      expect(base.apply(a).toDelta()).toEqual(naiveApply(before, a));
      expect(base.toDelta()).toEqual(before);
    });
  });

  it("an inverse undoes, and its inverse does it again", () => {
    holds(two, ({ base, operations: [a = []] }) => {
      const after = base.apply(a);
      const inverse = invert(a, base);
      expect(after.apply(inverse).toDelta()).toEqual(base.toDelta());
      expect(after.apply(inverse).checksum).toBe(base.checksum);
      expect(base.apply(invert(inverse, after)).toDelta()).toEqual(after.toDelta());
    });
  });

  it("inverts on a Delta as on a Document", () => {
    holds(two, ({ base, operations: [a = []] }) => expect(invert(a, base.toDelta())).toEqual(invert(a, base)), 0.2);
  });

  it("the inverse of a composition undoes both", () => {
    holds(two, ({ base, operations: [a = [], b = []] }) => {
      const middle = base.apply(a);
      const inverse = compose(invert(b, middle), invert(a, base));
      expect(middle.apply(b).apply(inverse).toDelta()).toEqual(base.toDelta());
    });
  });
});

describe("normal form", () => {
  const isNormal = (operation: Operation): void => {
    expect(normalForm(operation)).toBe(operation);
    expect(normalise(operation)).toEqual(operation);
  };

  it("is what every function returns", () => {
    holds(fc.tuple(pair, two, orders), ([{ base, a, b }, pairOfSteps, order]) => {
      isNormal(transform(a, b, order));
      isNormal(compose(...(pairOfSteps.operations as [Operation, Operation])));
      isNormal(invert(a, base));
      isNormal(base.apply(a).toDelta());
      isNormal(decodeOperation(encodeOperation(a)));
    });
  });

  it("has no attributes that say nothing", () => {
    for (const attributes of [{}, { bold: null }, null as unknown as undefined]) {
      expect(normalForm([{ insert: "a", attributes: attributes as Record<string, null> }])).toEqual([{ insert: "a" }]);
    }
    expect(normalForm([{ retain: 1, attributes: {} }, { delete: 1 }])).toEqual([{ retain: 1 }, { delete: 1 }]);
    const quill = [{ retain: { count: 1 } }] as unknown as Operation;
    expect(normalForm(quill)).toEqual([{ retain: 1, change: { count: 1 } }]);
  });

  it("is found by the oracle's way round: any valid Delta has the effect of its normal form", () => {
    holds(fc.tuple(documents, steps), ([base, taken]) => {
      const raw = walk(base, taken);
      expect(normalForm(raw)).toEqual(normalise(raw));
      expect(base.apply(raw).toDelta()).toEqual(naiveApply(base.toDelta(), raw));
      expect(base.apply(raw).checksum).toBe(base.apply(normalise(raw)).checksum);
    });
  });

  it("is not asked of arguments: careless spellings give the same results", () => {
    const choices = fc.array(fc.nat(3), { minLength: 1, maxLength: 5 });
    holds(fc.tuple(pair, choices, orders), ([{ base, a, b }, choice, order]) => {
      const [rawA, rawB] = [scramble(a, choice), scramble(b, choice)];
      expect(transform(rawA, rawB, order)).toEqual(transform(a, b, order));
      expect(compose(rawA, [])).toEqual(a);
      expect(compose(invert(a, base), rawA)).toEqual(compose(invert(a, base), a));
      expect(invert(rawA, base)).toEqual(invert(a, base));
      expect(encodeOperation(rawA)).toEqual(encodeOperation(a));
      expect(base.apply(rawA).toDelta()).toEqual(base.apply(a).toDelta());
      for (let at = 0; at <= base.length; at += 1) expect(transformPosition(rawA, at)).toBe(transformPosition(a, at));
    });
  });
});

describe("transformPosition", () => {
  const MARK: Operation[number] = { insert: { marker: true } };

  it("goes where a marker inserted at the position goes", () => {
    holds(fc.tuple(documents, steps, fc.nat(20), fc.boolean()), ([base, taken, wish, left]) => {
      // A marker carries no bit, and a run that goes on would push it along whatever the bias.
      const operation = withoutBits(operationOn(base, taken));
      const position = Math.min(wish, base.length);
      const marker = normalise([{ retain: position }, MARK]);
      const moved = transform(operation, marker, left ? "after" : "before", "keep");
      const at = moved.findIndex((part) => "insert" in part);
      const expected = moved.slice(0, at).reduce((sum, part) => sum + ("retain" in part ? part.retain : 0), 0);
      expect(transformPosition(operation, position, left ? "left" : "right")).toBe(expected);
    });
  });

  it("stays within the document and in order", () => {
    holds(two, ({ base, operations: [a = []] }) => {
      const { length } = base.apply(a);
      let last = 0;
      for (let at = 0; at <= base.length; at += 1) {
        const [left, right] = [transformPosition(a, at, "left"), transformPosition(a, at, "right")];
        expect(left).toBeLessThanOrEqual(right);
        expect(right).toBeLessThanOrEqual(length);
        expect(left).toBeGreaterThanOrEqual(last);
        last = left;
      }
    });
  });
});

describe("codec", () => {
  it("round-trips every operation", () => {
    holds(two, ({ operations: [a = [], b = []] }) => {
      expect(decodeOperation(encodeOperation(a))).toEqual(a);
      expect(decodeOperation(encodeOperation(compose(a, b)))).toEqual(compose(a, b));
    });
  });

  it("round-trips every document", () => {
    holds(delta, (content) => {
      expect(Document.fromOperation(decodeOperation(encodeOperation(content))).toDelta()).toEqual(content);
    });
  });
});
