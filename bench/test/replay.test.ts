import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSize, CodePointText, firstDifference, grouped, Latencies, parseTrace, TraceError } from "../src/index.js";
import { Progress } from "../src/replay/progress.js";

const bytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));

describe("CodePointText", () => {
  it("speaks of code points and answers in UTF-16 units", () => {
    const text = new CodePointText("a😀b");
    expect(text.apply(2, 1, "漢👩‍👧")).toEqual({ index: 3, deleted: 1, inserted: "漢👩‍👧" });
    expect(text.apply(1, 1, "")).toEqual({ index: 1, deleted: 2, inserted: "" });
    expect(text.apply(5, 0, "!")).toEqual({ index: 7, deleted: 0, inserted: "!" });
    expect(text.toString()).toBe("a漢👩‍👧!");
  });

  it("agrees with a list of code points, whatever is typed", () => {
    const piece = fc.constantFrom("a", "bc", "😀", "é", "x😀y", "👩‍👧", "long ".repeat(600), "🎉".repeat(1_500));
    const patches = fc.array(
      fc.tuple(fc.nat(9_000), fc.oneof(fc.nat(3), fc.nat(5_000)), fc.oneof(piece, fc.constant(""))),
      {
        maxLength: 40,
      },
    );
    const property = fc.property(fc.oneof(piece, fc.constant("")), patches, (start, edits) => {
      const text = new CodePointText(start);
      let points = [...start];
      let units = start;
      for (const [wish, many, inserted] of edits) {
        const position = Math.min(wish, points.length);
        const deleted = Math.min(many, points.length - position);
        const patch = text.apply(position, deleted, inserted);
        points = [...points.slice(0, position), ...inserted, ...points.slice(position + deleted)];
        units = units.slice(0, patch.index) + patch.inserted + units.slice(patch.index + patch.deleted);
        expect(units).toBe(points.join(""));
      }
      expect(text.toString()).toBe(units);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it("refuses to go behind the end", () => {
    expect(() => new CodePointText("😀").apply(2, 0, "x")).toThrow(RangeError);
    expect(() => new CodePointText("😀a").apply(1, 2, "")).toThrow(RangeError);
  });
});

describe("a recording", () => {
  const recording = { startContent: "", endContent: "hi", txns: [{ time: "…", patches: [[0, 0, "hi"]] }] };

  it("is read from JSON and from gzipped JSON", () => {
    const trace = { startContent: "", endContent: "hi", transactions: [[[0, 0, "hi"]]] };
    expect(parseTrace(bytes(recording))).toEqual(trace);
    expect(parseTrace(gzipSync(bytes(recording)))).toEqual(trace);
  });

  it("of two people at once is refused, with the way to replay it", () => {
    expect(() => parseTrace(bytes({ kind: "concurrent", txns: [] }))).toThrow(/simulator/);
  });

  it("that is broken is refused with a reason", () => {
    for (const broken of [[], {}, { ...recording, txns: [{}] }, { ...recording, txns: [{ patches: [[0, -1, ""]] }] }]) {
      expect(() => parseTrace(bytes(broken))).toThrow(TraceError);
    }
    expect(() => parseTrace(Buffer.from("no JSON"))).toThrow(TraceError);
  });
});

describe("figures", () => {
  it("have percentiles by nearest rank", () => {
    const latencies = new Latencies();
    expect(latencies.percentile(0.5)).toBeUndefined();
    for (let value = 100; value >= 1; value -= 1) latencies.add(value);
    expect([0.5, 0.99, 1].map((share) => latencies.percentile(share))).toEqual([50, 99, 100]);
  });

  it("are written for people", () => {
    expect([grouped(1_234_567.4), byteSize(12), byteSize(1_500), byteSize(2_345_678)]).toEqual([
      "1,234,567",
      "12 B",
      "1.5 kB",
      "2.35 MB",
    ]);
  });

  it("name the first place where texts differ", () => {
    expect(firstDifference("same", "same")).toBeUndefined();
    expect(firstDifference("abc", "abX")).toMatchObject({ index: 2 });
    expect(firstDifference("abc", "ab")).toMatchObject({ index: 2, expected: '"abc"', found: '"ab"' });
    expect(firstDifference("", "x")).toMatchObject({ index: 0 });
  });
});

describe("progress", () => {
  const shown = (isTTY: boolean): readonly string[] => {
    const written: string[] = [];
    let now = 0;
    const progress = new Progress({ isTTY, write: (text) => written.push(text) }, 1_000, () => now);
    for (let done = 0; done < 1_000; done += 1) {
      now += 1;
      progress.update(done);
    }
    progress.finish();
    return written;
  };

  it("is ten lines in a file", () => {
    const lines = shown(false);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/^100 % · 1,000 of 1,000 transactions/);
  });

  it("is one line on a terminal, drawn now and then", () => {
    const drawn = shown(true);
    expect(drawn.length).toBeLessThan(20);
    expect(drawn.slice(0, -1).every((text) => text.startsWith("\r"))).toBe(true);
    expect(drawn.at(-2)).toContain("100 %");
  });
});
