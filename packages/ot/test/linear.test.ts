import { describe, expect, it } from "vitest";
import { AnchorSet, compose, type Operation, OperationBuilder, transform } from "../src/index.js";

/** `count` edits of all kinds, all over a long text. */
function scattered(count: number, letter: string): Operation {
  const out = new OperationBuilder();
  for (let index = 0; index < count / 4; index += 1) {
    out.retain(3).insert(letter).retain(2, { bold: index }).delete(1);
  }
  return out.build();
}

const milliseconds = (act: () => void): number => {
  const start = performance.now();
  act();
  return performance.now() - start;
};

/** Rounds after which two times are compared at the latest. */
const ROUNDS = 30;

/**
 * How much longer one thing takes than another, by the best time of each in turns: other programs on the machine only
 * add. It is measured until it is below `bound`, which what grows otherwise never is, however often one looks.
 */
function ratio(long: () => void, short: () => void, bound: number): number {
  let best = { long: Number.POSITIVE_INFINITY, short: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS && !(best.long / best.short < bound); round += 1) {
    best = { long: Math.min(best.long, milliseconds(long)), short: Math.min(best.short, milliseconds(short)) };
  }
  return best.long / best.short;
}

describe("time grows with the number of components, not with its square", () => {
  const [small, large] = [10_000, 100_000].map((count) => [scattered(count, "a"), scattered(count, "b")] as const);
  // Ten times as much work takes about ten times as long, a hundred times if it were quadratic.
  const LINEAR = 40;

  it("transform and compose, 100,000 components over 100,000", () => {
    for (const act of [
      ([a, b]: readonly [Operation, Operation]) => transform(a, b, "before"),
      ([a, b]: readonly [Operation, Operation]) => compose(a, b),
    ]) {
      if (small === undefined || large === undefined) throw new Error("no cases");
      expect(large[0].length).toBeGreaterThan(99_000);
      act(small);
      expect(
        ratio(
          () => act(large),
          () => act(small),
          LINEAR,
        ),
      ).toBeLessThan(LINEAR);
    }
  });

  it("one keystroke moves 10,000 anchors at a fraction of the cost of making them", () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => ({ id: `${index}`, position: index }));
    const anchors = AnchorSet.of(entries);
    const keystroke: Operation = [{ retain: 10 }, { insert: "x" }];
    for (let count = 0; count < 1_000; count += 1) anchors.apply(keystroke);
    const moving = () => void anchors.apply(keystroke);
    const making = () => void AnchorSet.of(entries);
    expect(ratio(moving, making, 0.1)).toBeLessThan(0.1);
  });
});
