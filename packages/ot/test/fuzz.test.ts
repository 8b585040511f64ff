/**
 * The fuzzer: cases found before are replayed first, then random ones until the time is over. `npm run fuzz -- --seconds N
 * --seed S` runs it for longer; case number n of seed S is the same on every machine.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dice, type FuzzCase, randomCase } from "./fuzz/case.js";
import { check } from "./fuzz/check.js";
import { isValid, shrink } from "./fuzz/shrink.js";

const SECONDS = Number(process.env["TUTTI_FUZZ_SECONDS"] ?? 2);
const CASES = Number(process.env["TUTTI_FUZZ_CASES"] ?? Number.POSITIVE_INFINITY);
const SEED = Number(process.env["TUTTI_FUZZ_SEED"] ?? Date.now() % 0x7fff_ffff);
const LOUD = process.env["TUTTI_FUZZ_SECONDS"] !== undefined;

interface Found {
  readonly name: string;
  readonly case: FuzzCase;
}
const corpus = JSON.parse(readFileSync(new URL("./fuzz/corpus.json", import.meta.url), "utf8")) as readonly Found[];

function failure(attempt: FuzzCase): string | undefined {
  try {
    check(attempt);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Each case has a seed of its own, so that any one of them can be had again without those before it. */
const caseOf = (number: number): FuzzCase => randomCase(dice(Math.imul(SEED, 0x9e37_79b1) + number));

function fuzz(): number {
  const end = performance.now() + SECONDS * 1_000;
  let told = performance.now();
  let count = 0;
  while (count < CASES && performance.now() < end) {
    for (let batch = 0; batch < 500 && count < CASES; batch += 1) {
      const attempt = caseOf(count);
      const message = failure(attempt);
      if (message !== undefined) report(count, attempt, message);
      count += 1;
    }
    if (LOUD && performance.now() - told > 10_000) {
      told = performance.now();
      process.stdout.write(`${count} cases of seed ${SEED}\n`);
    }
  }
  return count;
}

function report(number: number, attempt: FuzzCase, message: string): never {
  const small = shrink(attempt, (smaller) => isValid(smaller) && failure(smaller) !== undefined);
  const entry: Found = { name: failure(small) ?? message, case: small };
  throw new Error(`case ${number} of seed ${SEED}; for the corpus: ${JSON.stringify(entry)}`);
}

describe("fuzz", () => {
  for (const found of corpus) it(`found before: ${found.name}`, () => check(found.case));

  it(
    `random cases, seed ${SEED}`,
    () => {
      const count = fuzz();
      if (LOUD) process.stdout.write(`${count} cases of seed ${SEED}: every law holds\n`);
      expect(count).toBeGreaterThan(0);
    },
    (SECONDS + 60) * 1_000,
  );

  it("finds a broken law and makes its case small", () => {
    const broken = (attempt: FuzzCase): boolean =>
      attempt.a.some((part) => "insert" in part && part.insert === "a") && attempt.b.length > 0;
    const start = Array.from({ length: 5_000 }, (_, number) => caseOf(number)).find(broken);
    if (start === undefined) throw new Error("no such case among 5,000");
    const small = shrink(start, (smaller) => isValid(smaller) && broken(smaller));
    expect([small.c, small.d, small.a.filter((part) => "insert" in part).length]).toEqual([[], [], 1]);
  });
});
