import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { Journal } from "../src/world/journal.js";

const record = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (records: readonly Uint8Array[]): readonly string[] =>
  records.map((bytes) => new TextDecoder().decode(bytes));

/** Synced: a, b. Written only: a hundred long ones. */
function filled(): { readonly journal: Journal; readonly written: readonly string[] } {
  const journal = new Journal();
  for (const text of ["a", "b"]) journal.write(record(text));
  journal.synced(journal.written);
  const written = Array.from({ length: 100 }, (_, index) => `${index} `.repeat(30));
  for (const text of written) journal.write(record(text));
  return { journal, written };
}

describe("a journal that loses its power", () => {
  it("keeps what was synced, and of the rest a first part at most, whatever reached the disk", () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 500; seed += 1) {
      const { journal, written } = filled();
      const survivors = texts(journal.losePower(new SeededRandom(seed)));
      expect(survivors).toEqual(written.slice(0, survivors.length));
      expect(texts(journal.durable)).toEqual(["a", "b", ...survivors]);
      expect(journal.lost).toBe(written.length - survivors.length);
      kept.add(survivors.length);
    }
    expect(kept).toContain(0);
    expect(kept).toContain(100);
    expect(kept.size).toBeGreaterThan(10);
  });

  it("keeps what was synced while more was written", () => {
    const journal = new Journal();
    journal.write(record("a"));
    const { written } = journal;
    journal.write(record("b"));
    expect(texts(journal.synced(written))).toEqual(["a"]);
    expect(texts(journal.synced(written))).toEqual([]);
    expect(texts(journal.durable)).toEqual(["a"]);
    expect(texts(journal.synced(journal.written))).toEqual(["b"]);
  });

  it("goes on afterwards", () => {
    const { journal } = filled();
    journal.losePower(new SeededRandom(1));
    const before = journal.durable.length;
    journal.write(record("c"));
    journal.synced(journal.written);
    expect(texts(journal.durable.slice(before))).toEqual(["c"]);
  });
});
