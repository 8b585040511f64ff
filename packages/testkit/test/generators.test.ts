import { equalOperations, normalise, parseOperation } from "@tutti/ot";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  concurrentOperations,
  consecutiveOperations,
  documents,
  randomDocument,
  randomOperation,
  SeededRandom,
} from "../src/index.js";

describe("generators", () => {
  it("draws operations that are valid and in normal form", () => {
    void fc.assert(
      fc.property(concurrentOperations(2), ([document, operations]) => {
        for (const operation of operations) {
          document.apply(operation);
          expect(equalOperations(operation, normalise(parseOperation(operation)))).toBe(true);
        }
      }),
    );
  });

  it("draws operations that follow each other", () => {
    void fc.assert(
      fc.property(consecutiveOperations(4), ([document, operations]) => {
        operations.reduce((content, operation) => content.apply(operation), document);
      }),
    );
  });

  it("draws documents of every kind", () => {
    const drawn = fc.sample(documents(), { numRuns: 300, seed: 1 });
    const delta = JSON.stringify(drawn.map((document) => document.toDelta()));
    for (const wanted of ["bold", "divider", "\u{1F600}"]) expect(delta).toContain(wanted);
    expect(drawn.some((document) => document.length === 0)).toBe(true);
  });

  it("makes the same from the same seed, and everything valid", () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const make = () => {
        const random = new SeededRandom(seed);
        const document = randomDocument(random, 30);
        return { document, operation: randomOperation(random, document) };
      };
      const { document, operation } = make();
      expect(make().operation).toEqual(operation);
      document.apply(operation);
      parseOperation(operation);
    }
  });

  it("keeps to text where it is told to", () => {
    const random = new SeededRandom(1);
    const document = randomDocument(random, 50, { rich: false });
    for (let round = 0; round < 100; round += 1) {
      const json = JSON.stringify(randomOperation(random, document, { rich: false }));
      expect(json).not.toMatch(/attributes|\{"insert":\{/);
    }
  });
});
