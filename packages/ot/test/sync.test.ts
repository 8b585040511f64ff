import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acknowledge, Document, edit, flush, type Operation, synchronised } from "../src/index.js";
import { documents, holds, operationOn, steps } from "./generators.js";
import { Network } from "./network.js";

/** What happens next: somebody edits, a client sends, the server takes one, a client is told one. */
const events = fc.array(
  fc.record({ kind: fc.constantFrom("edit", "flush", "deliverUp", "deliverDown"), client: fc.nat(3), steps }),
  { maxLength: 60 },
);
const modes = fc.constantFrom("merge", "keep") as fc.Arbitrary<"merge" | "keep">;

describe("sync: clients with one operation in flight", () => {
  it("converge whatever is delivered when, step by step the same checksums", () => {
    holds(fc.tuple(documents, events, modes), ([base, script, mode]) => {
      const network = new Network(base, 4, mode);
      for (const event of script) {
        if (event.kind === "edit") {
          network.edit(event.client, operationOn(network.see(event.client), event.steps));
        } else {
          network[event.kind](event.client);
        }
      }
      network.settle();
      for (let client = 0; client < 4; client += 1) {
        expect(network.see(client).toDelta()).toEqual(network.server.toDelta());
        expect(network.see(client).checksum).toBe(network.server.checksum);
      }
    });
  });

  it("leave the server's document as the composition of what it committed", () => {
    holds(
      fc.tuple(documents, events),
      ([base, script]) => {
        const network = new Network(base, 4);
        for (const { kind, client, steps } of script) {
          if (kind === "edit") network.edit(client, operationOn(network.see(client), steps));
          else network[kind](client);
        }
        network.settle();
        const replayed = network.history.reduce((document, operation) => document.apply(operation), base);
        expect(replayed.checksum).toBe(network.server.checksum);
      },
      0.3,
    );
  });

  it("have nothing to send when edits cancel each other", () => {
    const network = new Network(Document.empty, 1);
    network.edit(0, [{ insert: "x" }]);
    network.edit(0, [{ delete: 1 }]);
    expect(network.stateOf(0).kind).toBe("synchronised");
  });

  it("stay as they are when nothing is in flight and something is acknowledged, or nothing buffered and flushed", () => {
    const buffered = edit(synchronised(3), [{ insert: "x" }]);
    expect(acknowledge(buffered)).toBe(buffered);
    expect(acknowledge(synchronised(3))).toEqual(synchronised(3));
    expect(flush(synchronised(3))).toEqual(synchronised(3));
    expect(edit(synchronised(3), [{ retain: 0 }, { insert: "" }])).toEqual(synchronised(3));
  });

  it("still wait for an answer when nothing is left of what is in flight", () => {
    const network = new Network(Document.fromDelta([{ insert: "ab" }]), 2);
    for (const client of [0, 1]) {
      network.edit(client, [{ delete: 1 }]);
      network.flush(client);
    }
    network.deliverUp(0);
    network.deliverDown(1);
    expect(network.stateOf(1)).toMatchObject({ kind: "in_flight", inFlight: [] });
    network.settle();
    expect(network.server.text()).toBe("b");
  });
});

/** The outcome when both edit at once and A is committed first, then when B is. */
function race(start: Operation, a: Operation, b: Operation): readonly string[] {
  return [
    [0, 1],
    [1, 0],
  ].map((order) => {
    const network = new Network(Document.fromDelta(start), 2);
    network.edit(0, a);
    network.edit(1, b);
    for (const client of order) {
      network.flush(client);
      network.deliverUp(client);
    }
    network.settle();
    expect(network.see(0).toDelta()).toEqual(network.see(1).toDelta());
    return JSON.stringify(
      network.server.toDelta().map((part) => ("insert" in part ? [part.insert, part.attributes] : [])),
    );
  });
}
const plain = (text: string): string => JSON.stringify([[text, undefined]]);
const twice = (text: string): readonly string[] => [plain(text), plain(text)];

describe("intent (E3)", () => {
  const hello: Operation = [{ insert: "Hello world" }];

  it("an insert survives inside a region that somebody else deletes", () => {
    expect(race(hello, [{ retain: 2 }, { delete: 7 }], [{ retain: 5 }, { insert: "X" }])).toEqual(twice("HeXld"));
  });

  it("an insert at either end of a deleted region survives", () => {
    expect(race(hello, [{ retain: 2 }, { delete: 7 }], [{ retain: 2 }, { insert: "X" }])).toEqual(twice("HeXld"));
    expect(race(hello, [{ retain: 2 }, { delete: 7 }], [{ retain: 9 }, { insert: "X" }])).toEqual(twice("HeXld"));
  });

  it("a delete never takes text that its author did not see", () => {
    expect(race(hello, [{ delete: 11 }], [{ retain: 6 }, { insert: "brave new " }])).toEqual(twice("brave new "));
  });

  it("formatting deleted text does nothing", () => {
    const bold: Operation = [{ retain: 5, attributes: { bold: true } }];
    expect(race(hello, [{ delete: 6 }], bold)).toEqual(twice("world"));
  });

  it("formatting the rest of what was partly deleted stays", () => {
    const bold: Operation = [{ retain: 5, attributes: { bold: true } }];
    const expected = JSON.stringify([
      ["lo", { bold: true }],
      [" world", undefined],
    ]);
    expect(race(hello, [{ delete: 3 }], bold)).toEqual([expected, expected]);
  });

  it("delete and insert at one place never swallow each other", () => {
    expect(race(hello, [{ retain: 5 }, { delete: 1 }], [{ retain: 5 }, { insert: ", " }])).toEqual(
      twice("Hello, world"),
    );
    // Both replace the same word: both words are there, the old one is gone.
    const [first, second] = race(
      hello,
      [{ retain: 6 }, { insert: "Ann" }, { delete: 5 }],
      [{ retain: 6 }, { insert: "Bob" }, { delete: 5 }],
    );
    expect([first, second]).toEqual([plain("Hello AnnBob"), plain("Hello BobAnn")]);
  });

  it("of two values for one attribute the later commit wins", () => {
    const colour = (value: string): Operation => [{ retain: 11, attributes: { colour: value } }];
    expect(race(hello, colour("red"), colour("blue"))).toEqual([
      JSON.stringify([["Hello world", { colour: "blue" }]]),
      JSON.stringify([["Hello world", { colour: "red" }]]),
    ]);
  });

  it("both deleting the same text deletes it once", () => {
    expect(race(hello, [{ delete: 6 }], [{ retain: 2 }, { delete: 6 }])).toEqual(twice("rld"));
  });
});

describe("ties", () => {
  it("the operation committed first keeps the left side", () => {
    const after = (insert: string): Operation => [{ retain: 5 }, { insert }];
    expect(race([{ insert: "Hello" }], after("X"), after("Y"))).toEqual([plain("HelloXY"), plain("HelloYX")]);
  });

  it("an insert that continues its author's run beats one that does not, in either order", () => {
    const other: Operation = [{ retain: 5 }, { insert: "Y" }];
    const continuing: Operation = [{ retain: 5 }, { insert: "X", continues: true }];
    expect(race([{ insert: "Hello" }], continuing, other)).toEqual(twice("HelloXY"));
  });

  it("equal inserts become one (E5)", () => {
    const same: Operation = [{ retain: 5 }, { insert: "!", attributes: { bold: true } }];
    const merged = JSON.stringify([
      ["Hello", undefined],
      ["!", { bold: true }],
    ]);
    expect(race([{ insert: "Hello" }], same, same)).toEqual([merged, merged]);
  });

  it("what differs in text, attributes or embed is not equal", () => {
    expect(race([], [{ insert: "aa" }], [{ insert: "a" }])).toEqual(twice("aaa"));
    expect(race([], [{ insert: "a", attributes: { b: 1 } }], [{ insert: "a" }])[0]).toContain('["a",null]');
    expect(race([], [{ insert: { image: "x" } }], [{ insert: { image: "y" } }])[0]).toContain('"y"');
  });

  it("a document can keep both (E5)", () => {
    const network = new Network(Document.empty, 2, "keep");
    for (const client of [0, 1]) network.edit(client, [{ insert: "same" }]);
    network.settle();
    expect(network.server.text()).toBe("samesame");
  });

  it("an insert that was seen is never merged with", () => {
    const network = new Network(Document.empty, 2);
    network.edit(0, [{ insert: "a" }]);
    network.settle();
    network.edit(1, [{ retain: 1 }, { insert: "a" }]);
    network.settle();
    expect(network.server.text()).toBe("aa");
  });
});
