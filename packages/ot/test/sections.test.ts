import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Document,
  LONGEST_SECTION_TEXT,
  OperationError,
  runsOfSection,
  type Section,
  sectionOf,
} from "../src/index.js";
import { consecutive, documents } from "./generators.js";

const LARGE = Document.fromDelta([{ insert: "The quick brown fox jumps over the lazy dog.\n".repeat(20_000) }]);

/** The same content in other objects, as it comes out of a store. */
const copied = (section: Section): Section => sectionOf(runsOfSection(section).map((run) => ({ ...run })));

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof OperationError ? error.code : error;
  }
};

describe("sections of a document", () => {
  it("together are the document: from the same ones and from copies", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const sections = [...document.sections()];
        expect(sections.reduce((sum, { length }) => sum + length, 0)).toBe(document.length);
        for (const again of [Document.fromSections(sections), Document.fromSections(sections.map(copied))]) {
          expect(again.toDelta()).toEqual(document.toDelta());
          expect(again.checksum).toBe(document.checksum);
        }
      }),
    );
  });

  it("none for the empty document", () => {
    expect([...Document.empty.sections()]).toEqual([]);
    expect(Document.fromSections([])).toEqual(Document.empty);
  });

  it("are the same objects where nothing changed: a keystroke replaces one", () => {
    const before = new Set(LARGE.sections());
    expect(before.size).toBeGreaterThan(50);
    const after = [...LARGE.apply([{ retain: 450_000 }, { insert: "x" }]).sections()];
    expect(after.filter((section) => !before.has(section))).toHaveLength(1);
  });

  it("an edit that cuts and joins replaces a few around it", () => {
    const before = new Set(LARGE.sections());
    const formatted = LARGE.apply([{ retain: 400_000 }, { retain: 30, attributes: { bold: true } }]);
    const fresh = [...formatted.sections()].filter((section) => !before.has(section));
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh.length).toBeLessThan(8);
  });

  it("copies keep their borders, so that a document that was loaded shares with what was stored", () => {
    const texts = (document: Document): readonly string[] =>
      [...document.sections()].map((section) => JSON.stringify(runsOfSection(section)));
    const loaded = Document.fromSections([...LARGE.sections()].map(copied));
    expect(texts(loaded)).toEqual(texts(LARGE));
  });

  it("a document of sections takes edits like any other", () => {
    fc.assert(
      fc.property(consecutive(3), ({ base, operations }) => {
        const loaded = Document.fromSections([...base.sections()].map(copied));
        const [expected, edited] = [base, loaded].map((start) =>
          operations.reduce((document, operation) => document.apply(operation), start),
        );
        expect(edited?.toDelta()).toEqual(expected?.toDelta());
        expect(edited?.checksum).toBe(expected?.checksum);
      }),
    );
  });

  it("sections of any size can be put together", () => {
    const short = sectionOf([{ content: "short", attributes: undefined }]);
    const long = [...LARGE.sections()];
    const document = Document.fromSections([short, ...long, short]);
    expect(document.text()).toBe(`short${LARGE.text()}short`);
    expect(document.checksum).toBe(Document.fromDelta([{ insert: document.text() }]).checksum);
  });

  it("what is no section is refused", () => {
    const run = (content: string) => [{ content, attributes: undefined }];
    expect(codeOf(() => sectionOf([]))).toBe("malformed");
    expect(codeOf(() => sectionOf(run("")))).toBe("malformed");
    expect(codeOf(() => sectionOf(run("x".repeat(LONGEST_SECTION_TEXT + 1))))).toBe("malformed");
    expect(codeOf(() => sectionOf(run("\uD83C")))).toBe("lone_surrogate");
  });
});
