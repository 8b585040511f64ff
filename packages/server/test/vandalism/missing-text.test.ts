import { Document, isDelete, isInsert, type Operation, OperationBuilder } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MissingText, type Part } from "../../src/vandalism/missing-text.js";

/** Letters of which each one is there once: what came back, and where, can be seen. */
class Alphabet {
  #next = 0x4e00;
  take(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(this.#next++)).join("");
  }
}

/** A few inserts, deletes and formats anywhere, of letters that were never there before. */
function randomEdit(random: SeededRandom, document: Document, letters: Alphabet, deleting: number): Operation {
  const out = new OperationBuilder();
  let left = document.length;
  while (left > 0 && random.chance(0.8)) {
    const kept = random.between(0, Math.min(left, 6));
    out.retain(kept, random.chance(0.2) ? { bold: random.chance(0.5) } : undefined);
    left -= kept;
    if (random.chance(0.4))
      out.insert(random.chance(0.2) ? { mention: letters.take(1) } : letters.take(random.between(1, 3)));
    const deleted = random.chance(deleting) ? random.between(0, Math.min(left, 12)) : 0;
    out.delete(deleted);
    left -= deleted;
  }
  return random.chance(0.3) ? out.retain(left).insert(letters.take(2)).build() : out.build();
}

/** What stands in a document, unit for unit: text, or an embed as JSON. */
const unitsOf = (content: Operation): readonly string[] =>
  content.flatMap((part) => {
    if (!isInsert(part)) return [];
    return typeof part.insert === "string" ? part.insert.split("") : [JSON.stringify(part.insert)];
  });

const unitsBetween = (document: Document, from: number, to: number): readonly string[] =>
  unitsOf(document.slice(from, to));

/** A story of one person who deletes, and of others who write and delete. */
function story(seed: number, steps: number) {
  const random = new SeededRandom(seed);
  const letters = new Alphabet();
  const before = Document.fromDelta([
    { insert: letters.take(random.between(1, 40)) },
    { insert: { mention: letters.take(1) }, attributes: { bold: true } },
    { insert: letters.take(random.between(1, 40)), attributes: { italic: true } },
  ]);
  const missing = new MissingText(before);
  let document = before;
  /** Everything that ever stood here, as far as its order is known: what was deleted stands where it stood. */
  let tale: readonly { readonly unit: string; readonly own: boolean; gone: boolean; wanted: boolean }[] = unitsOf(
    before.toDelta(),
  ).map((unit) => ({ unit, own: false, gone: false, wanted: false }));
  for (let step = 0; step < steps; step += 1) {
    const part: Part = random.pick(["deletion", "other", "own", "other"] as const);
    const operation = randomEdit(random, document, letters, part === "deletion" ? 0.7 : part === "other" ? 0.2 : 0);
    tale = told(tale, operation, part, document);
    missing.follow(operation, part);
    document = document.apply(operation);
  }
  return { document, missing, tale, initial: unitsOf(before.toDelta()) };
}

/** The naive way: a list of units, in which nothing that goes is taken out. */
function told(
  tale: ReturnType<typeof story>["tale"],
  operation: Operation,
  part: Part,
  document: Document,
): ReturnType<typeof story>["tale"] {
  const next: (typeof tale)[number][] = [];
  let at = 0;
  let position = 0;
  const skipGone = (): void => {
    while (tale[at]?.gone) next.push(tale[at++] as (typeof tale)[number]);
  };
  for (const component of operation) {
    if (isInsert(component)) {
      for (const unit of unitsOf([component])) next.push({ unit, own: part !== "other", gone: false, wanted: false });
      continue;
    }
    const count = isDelete(component) ? component.delete : (component as { readonly retain: number }).retain;
    for (let step = 0; step < count; step += 1, position += 1) {
      skipGone();
      const unit = tale[at++];
      if (unit === undefined) throw new Error(`behind the end at ${position} of ${document.length}`);
      if (isDelete(component)) next.push({ ...unit, gone: true, wanted: part === "deletion" && !unit.own });
      else next.push(unit);
    }
  }
  return [...next, ...tale.slice(at)];
}

/** The same, in the order of another list, and only what is in it. */
const inOrderOf = (order: readonly string[], units: readonly string[]): readonly string[] => {
  const there = new Set(units);
  return order.filter((unit) => there.has(unit));
};

const SEEDS = { numRuns: 600 };

describe("the text that somebody deleted", () => {
  it("L4: all of it comes back, in its order and among what stood around it; everything that came later stays", () => {
    void fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 12 }), (seed, steps) => {
        const { document, missing, tale, initial } = story(seed, steps);
        const restored = document.apply(missing.operation);
        const wanted = tale.filter((unit) => unit.wanted).map(({ unit }) => unit);
        const stays = unitsBetween(document, 0, document.length);
        const units = unitsBetween(restored, 0, restored.length);
        expect([...units].sort()).toEqual([...stays, ...wanted].sort());
        expect(missing.length).toBe(wanted.length);
        expect(inOrderOf(units, stays)).toEqual(stays);
        expect(inOrderOf(units, wanted)).toEqual(wanted);
        // What stood there before all of it stands as it stood, whatever came between.
        const old = initial.filter((unit) => units.includes(unit));
        expect(inOrderOf(units, old)).toEqual(old);
      }),
      SEEDS,
    );
  });

  it("L4: with formatting and embeds, as they were when they went", () => {
    const before = Document.fromDelta([
      { insert: "a plain start, " },
      { insert: "bold", attributes: { bold: true } },
      { insert: { image: "cat.png" }, attributes: { width: 3 } },
      { insert: " and an end\n" },
      { insert: "\n", attributes: { header: 2 } },
    ]);
    const missing = new MissingText(before);
    missing.follow([{ retain: 2 }, { insert: "X" }, { delete: before.length - 4 }], "deletion");
    missing.follow([{ retain: 3 }, { insert: "later" }], "other");
    const after = before.apply([{ retain: 2 }, { insert: "X" }, { delete: before.length - 4 }]);
    const restored = after.apply([{ retain: 3 }, { insert: "later" }]).apply(missing.operation);
    expect(restored.toDelta()).toEqual([
      { insert: "a Xlaterplain start, " },
      { insert: "bold", attributes: { bold: true } },
      { insert: { image: "cat.png" }, attributes: { width: 3 } },
      { insert: " and an end\n" },
      { insert: "\n", attributes: { header: 2 } },
    ]);
  });

  it("L4: what the person undid, or somebody pasted in again, does not come twice", () => {
    const before = Document.fromDelta([{ insert: "The first paragraph.\nThe second one, in italics.\n" }]);
    const everything = before.length;
    for (const part of ["own", "other"] as const) {
      const missing = new MissingText(before);
      missing.follow([{ delete: everything }], "deletion");
      expect(missing.length).toBe(everything);
      missing.follow(before.toDelta(), part);
      expect(missing.operation).toEqual([]);
      missing.follow([{ retain: 3 }, { insert: " very" }], "other");
      expect(missing.length).toBe(0);
      // Redone, it is missing again, and what others wrote in it stays.
      missing.follow([{ delete: 3 }, { retain: 5 }, { delete: everything - 3 }], "deletion");
      const left = Document.fromDelta([{ insert: " very" }]);
      expect(left.apply(missing.operation).text()).toBe(before.text().replace("The", "The very"));
    }
  });

  it("L4: of two deletions of which one was undone, the other comes back to its place", () => {
    const before = Document.fromDelta([{ insert: "abcdefgh" }]);
    const missing = new MissingText(before);
    missing.follow([{ retain: 2 }, { delete: 3 }], "deletion");
    missing.follow([{ retain: 1 }, { delete: 2 }], "deletion");
    missing.follow([{ retain: 1 }, { insert: "bf" }], "own");
    expect(
      before
        .apply([{ retain: 2 }, { delete: 3 }])
        .apply(missing.operation)
        .text(),
    ).toBe("abcdefgh");
  });

  it("L4: a letter typed where a page was deleted is not taken for a part of it", () => {
    const page = "an evening in the mountains";
    const missing = new MissingText(Document.fromDelta([{ insert: page }]));
    missing.follow([{ delete: page.length }], "deletion");
    missing.follow([{ insert: "n" }], "own");
    expect(missing.length).toBe(page.length);
  });

  it("L4: what the person wrote since and deleted again is not missing", () => {
    const missing = new MissingText(Document.fromDelta([{ insert: "abcdef" }]));
    missing.follow([{ retain: 1 }, { insert: "XYZ" }, { delete: 2 }], "deletion");
    missing.follow([{ delete: 3 }], "deletion");
    expect(
      Document.fromDelta([{ insert: "Zdef" }])
        .apply(missing.operation)
        .text(),
    ).toBe("aZbcdef");
  });
});
