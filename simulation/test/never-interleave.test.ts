import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { type Surroundings, type Typist, typeAgainstEachOther } from "../src/index.js";

const LONGEST_LATENCY = 500;

/** All orders of some words, written together. */
function orders(words: readonly string[]): readonly string[] {
  if (words.length <= 1) return words;
  return words.flatMap((word, index) => orders(words.toSpliced(index, 1)).map((rest) => word + rest));
}

const nowhere: Surroundings = { before: "", behind: "", typedBy: "somebody else" };

/** Two words that share up to all letters that they start with (E5), the rests side by side. */
function sharings([one = "", other = ""]: readonly string[]): readonly string[] {
  let alike = 0;
  while (alike < one.length && one[alike] === other[alike]) alike += 1;
  const lengths = Array.from({ length: alike }, (_, index) => index + 1);
  return lengths.flatMap((length) =>
    orders([one.slice(length), other.slice(length)]).map((rests) => one.slice(0, length) + rests),
  );
}

async function expectWhole(seed: number, typists: readonly Typist[], around = nowhere, sharing = false): Promise<void> {
  const text = await typeAgainstEachOther(seed, typists, around);
  const words = typists.map(({ word }) => word);
  const allowed = [...orders(words), ...(sharing ? sharings(words) : [])].map(
    (written) => around.before + written + around.behind,
  );
  expect(allowed, `seed ${seed}`).toContain(text);
}

const steadily = (word: string, latency: number, interval: number, start = 0): Typist => {
  const constant = { from: latency, to: latency };
  return { word, network: { up: constant, down: constant }, start, interval: () => interval };
};

/** Everything about a typist by chance: latency of each direction, jitter, typing speed, start. */
function somebody(word: string, random: SeededRandom, offline: boolean): Typist {
  const latency = () => {
    const to = random.between(0, LONGEST_LATENCY);
    return { from: random.chance(0.5) ? to : random.between(0, to), to };
  };
  const [fastest, slowest] = [random.between(20, 110), random.between(110, 200)];
  return {
    word,
    network: { up: latency(), down: latency() },
    start: random.between(0, 400),
    interval: () => random.between(fastest, slowest),
    offline: offline
      ? { letter: random.integer(word.length), duration: random.pick([50, 300, 1000, 5000] as const) }
      : undefined,
  };
}

interface Race {
  readonly words: readonly string[];
  readonly seeds: number;
  readonly offline?: boolean;
  readonly typedBy?: Surroundings["typedBy"];
  /** Whether the words start alike. */
  readonly sharing?: boolean;
}

async function races({
  words,
  seeds,
  offline = false,
  typedBy = "somebody else",
  sharing = false,
}: Race): Promise<void> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const random = new SeededRandom(seed).fork(words.join(" "));
    const typists = words.map((word) => somebody(word, random, offline && random.chance(0.7)));
    const [before, behind] = random.pick([
      ["", ""],
      ["before ", " behind"],
      ["Hello", ""],
      ["", "d"],
    ] as const);
    await expectWhole(seed, typists, { before, behind, typedBy }, sharing);
  }
}

describe("E4: words typed against each other at one place are never interleaved", { timeout: 120_000 }, () => {
  it("at every latency from 0 to 500 ms, both typing at the same time", async () => {
    for (let latency = 0; latency <= LONGEST_LATENCY; latency += 1) {
      await expectWhole(latency, [steadily("Hello", latency, 100), steadily("World", latency, 100)]);
    }
  });

  it("at every latency from 0 to 500 ms, one half a beat behind and slower", async () => {
    for (let latency = 0; latency <= LONGEST_LATENCY; latency += 1) {
      await expectWhole(latency, [steadily("Hello", latency, 90), steadily("World", latency, 130, 45)]);
    }
  });

  it("with other latencies in every direction, jitter, and everybody's own rhythm", async () => {
    await races({ words: ["Hello", "World"], seeds: 1000 });
  });

  it("when three people do it", async () => {
    await races({ words: ["Hello", "World", "Tutti"], seeds: 500 });
  });

  it("when two people type the same word's letters in another order", async () => {
    await races({ words: ["stop", "pots"], seeds: 300 });
  });

  it("when their words start alike: letters that became one are shared, the rest of each word stays whole", async () => {
    for (const words of [
      ["Hello", "Hi"],
      ["Hello", "Help"],
      ["stop", "step"],
      ["Hxllo", "Hello"],
    ] as const) {
      await races({ words, seeds: 300, sharing: true });
    }
  });

  it("also over a loss of the connection", async () => {
    await races({ words: ["Hello", "World"], seeds: 500, offline: true });
    await races({ words: ["Hello", "World", "Tutti"], seeds: 300, offline: true });
  });

  it("in the middle of text that one of them typed before", async () => {
    await races({ words: ["Hello", "World"], seeds: 500, typedBy: "one of them" });
  });

  // Regression: seed 87 gave "HTuttiello" while the run of somebody who types in the middle of their own text reached
  // behind the cursor.
  it("in the middle of text that one of them typed before, by three people", async () => {
    await races({ words: ["Hello", "World", "Tutti"], seeds: 500, typedBy: "one of them" });
  });
});
