import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, type Operation, transform } from "../src/index.js";
import { holds } from "./generators.js";
import { Network } from "./network.js";

/** What can happen next to a person: a keystroke, sending, the server's commit, hearing of one. */
type Action = (typeof ACTIONS)[number];
const ACTIONS = ["type", "flush", "deliverUp", "deliverDown"] as const;

/** Races in which each of `words` is typed letter by letter at one place of one document. */
class Race {
  readonly network: Network;
  readonly #left: string[][];

  constructor(base: string, at: number, words: readonly string[]) {
    this.network = new Network(base === "" ? Document.empty : Document.fromDelta([{ insert: base }]), words.length);
    this.#left = words.map((word) => [...word]);
    for (const client of words.keys()) this.network.placeCaret(client, at);
  }

  act(client: number, action: Action): void {
    if (action !== "type") {
      this.network[action](client);
      return;
    }
    const letter = this.#left[client]?.shift();
    if (letter !== undefined) this.network.type(client, letter);
  }

  finish(): string {
    this.#left.forEach((letters, client) => {
      while (letters.length > 0) this.act(client, "type");
    });
    this.network.settle();
    return this.network.server.text();
  }
}

/** All orders in which the sequences can be merged, each keeping its own order. */
function* merges<T>(sequences: readonly (readonly T[])[]): Generator<readonly T[]> {
  if (sequences.every((sequence) => sequence.length === 0)) yield [];
  for (const [index, sequence] of sequences.entries()) {
    const [first, ...rest] = sequence;
    if (first === undefined) continue;
    for (const tail of merges(sequences.map((other, at) => (at === index ? rest : other)))) yield [first, ...tail];
  }
}

const orderings = (words: readonly string[]): readonly string[] =>
  words.length <= 1
    ? [...words]
    : words.flatMap((word, at) => orderings(words.filter((_, index) => index !== at)).map((rest) => word + rest));

describe("two people typing at one place (E4)", () => {
  /** A person types each letter, sends it at once, and hears of everything there is to hear before or after. */
  const script = (client: number, letters: number): readonly (readonly [number, Action])[] =>
    Array.from({ length: letters }, () => ACTIONS.map((action) => [client, action] as const)).flat();

  it("never interleave, in all 12,870 merges of two letters each", () => {
    let races = 0;
    for (const order of merges([script(0, 2), script(1, 2)])) {
      const race = new Race("", 0, ["ab", "xy"]);
      for (const [client, action] of order) race.act(client, action);
      expect(["abxy", "xyab"]).toContain(race.finish());
      races += 1;
    }
    expect(races).toBe(12_870);
  });

  it("never interleave in the middle of a text, in all merges of keystrokes, commits and deliveries of three letters", () => {
    // Sending happens with the keystroke here, so that three letters stay countable.
    const short = (client: number) =>
      script(client, 3).filter(([, action]) => action !== "flush" && action !== "deliverUp");
    for (const order of merges([short(0), short(1)])) {
      const race = new Race("[]", 1, ["abc", "xyz"]);
      for (const [client, action] of order) {
        race.act(client, action);
        if (action !== "type") continue;
        race.act(client, "flush");
        race.act(client, "deliverUp");
      }
      expect(["[abcxyz]", "[xyzabc]"]).toContain(race.finish());
    }
  });

  it("get HelloWorld or WorldHello over any delivery", () => {
    holds(
      randomRace(2),
      (order) => {
        const race = new Race("", 0, ["Hello", "World"]);
        for (const [client, action] of order) race.act(client, action);
        expect(["HelloWorld", "WorldHello"]).toContain(race.finish());
      },
      3,
    );
  });

  it("get whole words also when there are three or four of them", () => {
    // Different first letters: equal ones may become one letter (E5).
    const words = ["Red🍎", "Green", "Blue", "Pink"];
    const expected = { 3: orderings(words.slice(0, 3)), 4: orderings(words) };
    for (const people of [3, 4] as const) {
      holds(randomRace(people), (order) => {
        const race = new Race("(", 1, words.slice(0, people));
        for (const [client, action] of order) race.act(client, action);
        expect(expected[people]).toContain(race.finish().slice(1));
      });
    }
  });

  it("share a first letter that both type, and go on whole behind it: Helloi or Hiello, never Helilo", () => {
    const seen = new Set<string>();
    for (const order of merges([script(0, 2), script(1, 2)])) {
      const race = new Race("", 0, ["Hello", "Hi"]);
      for (const [client, action] of order) race.act(client, action);
      seen.add(race.finish());
    }
    expect([...seen].sort()).toEqual(["Helloi", "Hiello"]);
    // Sent with the next letter, or typed after the other one was seen, the first letters are not shared.
    const whole = ["Helloi", "Hiello", "HelloHi", "HiHello"];
    holds(randomRace(2), (order) => {
      const race = new Race("", 0, ["Hello", "Hi"]);
      for (const [client, action] of order) race.act(client, action);
      expect(whole).toContain(race.finish());
    });
  });

  it("of two who go on at one place the one who is committed later loses the bit, so that it is on one side alone", () => {
    const after = (insert: string, continues: boolean, at = 1): Operation => [
      { retain: at },
      { insert, ...(continues ? { continues: true as const } : undefined) },
    ];
    // "H" is shared. "e" of Hello is committed first; "i" of Hi is on the far side of it and goes on from nothing.
    expect(transform(after("e", true), after("i", true), "before")).toEqual(after("i", false, 2));
    expect(transform(after("i", true), after("e", true), "after")).toEqual(after("e", true));
    // So the next "l" stays left of "i", whichever of the two is committed first: only one of them has the bit.
    const [l, i] = [after("l", true, 2), after("i", false, 2)];
    expect(transform(i, l, "before")).toEqual(l);
    expect(transform(l, i, "after")).toEqual(after("i", false, 3));
    // Who alone goes on wins, and nobody loses anything.
    expect(transform(after("e", false), after("i", true), "before")).toEqual(after("i", true));
    expect(transform(after("i", true), after("e", false), "after")).toEqual(after("e", false, 2));
  });

  it("still type whole words after correcting themselves", () => {
    holds(randomRace(2), (order) => {
      const race = new Race("", 0, ["Hello", "World"]);
      let corrected = false;
      for (const [client, action] of order) {
        race.act(client, action);
        if (corrected || action !== "type" || client !== 0) continue;
        corrected = true;
        race.network.type(0, "?");
        race.network.erase(0, 1);
      }
      expect(["HelloWorld", "WorldHello"]).toContain(race.finish());
    });
  });

  function randomRace(people: number): fc.Arbitrary<readonly (readonly [number, Action])[]> {
    const actions = fc.constantFrom<Action>("type", "type", "flush", "deliverUp", "deliverDown", "deliverDown");
    return fc.array(fc.tuple(fc.nat(people - 1), actions), { maxLength: 20 * people });
  }
});
