import { describe, expect, it } from "vitest";
import {
  type Difference,
  Document,
  ENGINE,
  type Engine,
  EngineVersions,
  type Operation,
  OperationError,
  parseOperation,
  shadow,
} from "../src/index.js";
import { concurrent, holds } from "./generators.js";
import { TYPES } from "./sample-embeds.js";

const base = Document.fromDelta([{ insert: "ab" }]);
const [x, y]: readonly [Operation, Operation] = [[{ insert: "x" }], [{ insert: "y" }]];

/** An engine to come that decides ties the other way round. */
const other: Engine = {
  ...ENGINE,
  version: 2,
  transform: (a, b, order, options) => ENGINE.transform(a, b, order === "before" ? "after" : "before", options),
};

describe("engine versions", () => {
  it("run side by side, each under its number", () => {
    const engines = new EngineVersions([other, ENGINE]);
    expect(engines.versions).toEqual([1, 2]);
    expect(engines.get(1).transform(x, y, "before")).toEqual([{ retain: 1 }, { insert: "y" }]);
    expect(engines.get(2).transform(x, y, "before")).toEqual([{ insert: "y" }]);
    expect(() => engines.get(3)).toThrow(OperationError);
    expect(() => engines.get(3)).toThrow("engine 3, here are 1, 2");
    expect(() => new EngineVersions([ENGINE, { ...other, version: 1 }])).toThrow(RangeError);
  });
});

describe("shadow mode", () => {
  const watched = (candidate: Engine) => {
    const differences: Difference[] = [];
    return { differences, engine: shadow(ENGINE, candidate, (difference) => differences.push(difference)) };
  };

  it("says nothing about engines that agree, on anything", () => {
    const { differences, engine } = watched({ ...ENGINE, version: 2 });
    holds(
      concurrent(2),
      ({ base: document, operations: [a = [], b = []] }) => {
        expect(engine.transform(a, b, "after", { identical: "keep" })).toEqual(
          ENGINE.transform(a, b, "after", { identical: "keep" }),
        );
        const moved = engine.transform(a, b, "before");
        expect(engine.apply(document, engine.compose(a, moved)).checksum).toBe(document.apply(a).apply(moved).checksum);
        expect(engine.invert(a, document)).toEqual(ENGINE.invert(a, document));
        expect(differences).toEqual([]);
      },
      0.2,
    );
    expect(engine.version).toBe(1);
  });

  it("reports what differs, with all that is needed to see it again", () => {
    const { differences, engine } = watched(other);
    const options = { identical: "keep", embeds: TYPES } as const;
    expect(engine.transform(x, y, "before", options)).toEqual([{ retain: 1 }, { insert: "y" }]);
    expect(differences).toEqual([
      {
        function: "transform",
        arguments: [x, y, "before", { identical: "keep", embeds: ["count", "note"] }],
        primary: { version: 1, outcome: { result: [{ retain: 1 }, { insert: "y" }] } },
        candidate: { version: 2, outcome: { result: [{ insert: "y" }] } },
      },
    ]);
    const [told] = differences;
    const [a, b] = (told?.arguments ?? []).slice(0, 2).map((json) => parseOperation(json));
    expect(other.transform(a ?? [], b ?? [], "before")).toEqual([{ insert: "y" }]);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it("tells documents as Deltas, and handlers as names", () => {
    const { differences, engine } = watched({ ...ENGINE, apply: () => Document.empty });
    expect(engine.apply(base, x, TYPES).text()).toBe("xab");
    expect(differences[0]).toMatchObject({
      function: "apply",
      arguments: [[{ insert: "ab" }], x, ["count", "note"]],
      candidate: { outcome: { result: [] } },
    });
  });

  it("never fails the caller: whatever candidate and report do, the primary's result or error comes back", () => {
    const broken: Engine = {
      ...other,
      compose: () => {
        throw new Error("broken");
      },
      invert: () => [],
    };
    const { differences, engine } = watched(broken);
    expect(engine.compose(x, y)).toEqual([{ insert: "yx" }]);
    expect(differences[0]?.candidate.outcome).toEqual({ error: "Error: broken" });
    expect(() => engine.invert([{ delete: 9 }], base)).toThrow(OperationError);
    expect(differences[1]?.primary.outcome).toEqual({ error: "out_of_range" });
    const loud = shadow(ENGINE, broken, () => {
      throw new Error("the log is full");
    });
    expect(loud.compose(x, y)).toEqual([{ insert: "yx" }]);
    expect(engine.compose(x, y, undefined)).toEqual([{ insert: "yx" }]);
    expect(differences[2]?.arguments).toEqual([x, y, null]);
  });

  it("takes two errors of one code as agreement", () => {
    const { differences, engine } = watched({ ...ENGINE, version: 2 });
    expect(() => engine.apply(base, [{ delete: 9 }])).toThrow(OperationError);
    expect(differences).toEqual([]);
  });
});
