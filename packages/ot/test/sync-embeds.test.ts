import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Document,
  type EmbedTypes,
  edit,
  flush,
  type JsonValue,
  NO_EMBED_TYPES,
  normalise,
  type Operation,
  operationToJson,
  parseOperation,
  Spans,
  synchronised,
} from "../src/index.js";
import { holds } from "./generators.js";
import { consecutiveRich, richDocuments, richOperation, richPlan } from "./rich-cases.js";
import { TYPES } from "./sample-embeds.js";
import { PieceNetwork } from "./sync-network.js";
import { by, CLIENTS, converged, happen, missThree, modes, scripts } from "./sync-script.js";

for (const [name, embeds] of [
  ["with handlers", TYPES],
  ["without handlers", NO_EMBED_TYPES],
] as readonly (readonly [string, EmbedTypes])[]) {
  describe(`sync with edits inside embeds and kinds to come, ${name}`, () => {
    it("converges whoever is live, behind or away, with undo and redo, told by operations or spans", () => {
      holds(fc.tuple(richDocuments, scripts(richPlan), modes, by), ([base, script, mode, last]) => {
        const network = new PieceNetwork(base, CLIENTS, mode, embeds);
        for (const event of script) happen(network, event, richOperation);
        network.settle(last);
        converged(network);
        missThree(network, last);
      });
    });

    it("undo of everything brings back the start, redo the end, and everybody sees both", () => {
      holds(
        fc.tuple(richDocuments, fc.array(richPlan, { maxLength: 6 }), modes),
        ([base, plans, mode]) => {
          const network = new PieceNetwork(base, CLIENTS, mode, embeds);
          for (const plan of plans) network.edit(0, richOperation(network.see(0), plan));
          const end = network.see(0).toDelta();
          while (network.step(0, "undo"));
          expect(network.see(0).toDelta()).toEqual(base.toDelta());
          network.flush(0);
          while (network.step(0, "redo"));
          expect(network.see(0).toDelta()).toEqual(end);
          network.settle("operation");
          converged(network);
          expect(network.server.toDelta()).toEqual(end);
        },
        0.3,
      );
    });

    it("composes the buffer of an offline client to what was done, however often it is read", () => {
      holds(
        consecutiveRich(9),
        ({ operations }) => {
          let [lazy, eager] = [synchronised(0), synchronised(0)];
          for (const operation of operations) {
            lazy = edit(lazy, operation, embeds);
            // A spread reads the buffer: the next edit goes onto a plain value.
            eager = { ...edit(eager, operation, embeds) };
          }
          expect({ ...lazy }).toEqual(eager);
          const spans = operations.reduce((all, operation) => all.append(operation), Spans.from(0, embeds));
          const flushed = flush(lazy);
          const [eight, ninth] = spans.between(0, 9) ?? [];
          const pieces: Operation[] = [eight?.operation ?? [], ninth?.operation ?? []];
          const whole = pieces.reduce((state, piece) => edit(state, piece, embeds), synchronised(0));
          expect(flush(whole)).toEqual(flushed);
        },
        0.3,
      );
    });
  });
}

/** What somebody did and took back, as it should be. */
class Voter {
  readonly done: number[] = [];
  readonly #undone: number[] = [];

  note(kind: string, amount: number): void {
    if (kind === "edit") {
      this.done.push(amount);
      this.#undone.length = 0;
    }
    if (kind === "undo") this.#undone.push(...this.done.splice(-1));
    if (kind === "redo") this.done.push(...this.#undone.splice(-1));
  }
}

describe("votes in an embed, and letters in another one", () => {
  /** Everybody types a letter of their own, so that it is known whose is whose. */
  const LETTERS = "ABCD";
  const ballot = fc
    .record({
      kind: fc.constantFrom(
        ...["edit", "edit", "edit", "undo", "redo", "flush", "flush", "take", "take", "tell", "hear"],
        ...["leave", "join", "restart", "compact"],
      ),
      client: fc.nat(CLIENTS - 1),
      count: fc.integer({ min: 1, max: 4 }),
      by,
      amount: fc.integer({ min: 1, max: 9 }),
      place: fc.nat(20),
    })
    .map(({ amount, place, ...event }) => ({
      ...event,
      plan: { amount, place, letter: LETTERS.charAt(event.client) },
    }));
  type Ballot = typeof ballot extends fc.Arbitrary<infer T> ? T : never;

  const noteOf = (document: Document): string => {
    const [, embed] = document.toDelta();
    const note =
      embed !== undefined && "insert" in embed && typeof embed.insert !== "string" ? embed.insert["note"] : [];
    return Document.fromDelta(note).text();
  };
  const vote = (base: Document, { amount, place, letter }: Ballot["plan"]): Operation => {
    const at = place % (noteOf(base).length + 1);
    const typed = normalise([{ retain: at }, { insert: letter }]);
    return [
      { retain: 1, change: { count: amount } },
      { retain: 1, change: { note: typed as unknown as JsonValue } },
      { insert: "!" },
    ];
  };

  it("are all there, once each, but for those that their own author took back", () => {
    const base = Document.fromDelta([{ insert: { count: 0 } }, { insert: { note: [] } }]);
    const takenBack = fc.array(fc.nat(3), { minLength: CLIENTS, maxLength: CLIENTS });
    holds(fc.tuple(fc.array(ballot, { maxLength: 60 }), takenBack, modes, by), ([script, undos, mode, last]) => {
      const network = new PieceNetwork(base, CLIENTS, mode, TYPES);
      const cast = Array.from({ length: CLIENTS }, () => new Voter());
      for (const event of script) {
        happen(network, event, vote);
        cast[event.client]?.note(event.kind, event.plan.amount);
      }
      // Once more when everybody has heard of everything.
      for (const steps of [[], undos]) {
        steps.forEach((count, client) => {
          for (let left = count; left > 0; left -= 1) {
            network.step(client, "undo");
            cast[client]?.note("undo", 0);
          }
        });
        network.settle(last);
        converged(network);
        const expected = cast.flatMap(({ done }) => done).reduce((sum, amount) => sum + amount, 0);
        expect(network.server.toDelta()[0]).toEqual({ insert: { count: expected } });
        const letters = cast.map(({ done }, client) => LETTERS.charAt(client).repeat(done.length)).join("");
        expect([...noteOf(network.server)].sort().join("")).toBe(letters);
      }
    });
  });

  it("are put together for one who was away, in spans as one by one", () => {
    const base = Document.fromDelta([{ insert: { count: 1 } }, { insert: { note: [{ insert: "ab" }] } }]);
    const both = (amount: number, change: Operation): Operation => [
      { retain: 1, change: { count: amount } },
      { retain: 1, change: { note: change as unknown as JsonValue } },
    ];
    for (const last of ["operation", "span"] as const) {
      const network = new PieceNetwork(base, CLIENTS, "merge", TYPES);
      network.leave(1);
      network.edit(1, both(10, [{ retain: 2 }, { insert: "Y" }]));
      for (const insert of ["1", "2", "3", "4"]) network.commit(0, both(1, [{ insert }]));
      network.settle(last);
      converged(network);
      expect(network.composed > 0).toBe(last === "span");
      const note = { insert: { note: [{ insert: "4321abY" }] } };
      expect(network.server.toDelta()).toEqual([{ insert: { count: 15 } }, note]);
      // Somebody takes back what they did alone.
      while (network.step(0, "undo"));
      network.settle(last);
      converged(network);
      expect(network.server.toDelta()).toEqual([{ insert: { count: 11 } }, { insert: { note: [{ insert: "abY" }] } }]);
    }
  });
});

describe("a kind to come", () => {
  it("reaches everybody, stays with its units, and is whole again in history when what cut it is gone", () => {
    const move = { move: "up", length: 2 };
    for (const last of ["operation", "span"] as const) {
      const network = new PieceNetwork(Document.fromDelta([{ insert: "abcd" }]), CLIENTS, "merge", TYPES);
      network.leave(1);
      network.edit(1, parseOperation([{ retain: 1 }, move]));
      network.commit(0, [{ insert: "1" }]);
      network.commit(0, [{ retain: 3 }, { insert: "x" }]);
      network.settle(last);
      network.commit(0, [{ retain: 3 }, { delete: 1 }]);
      network.settle(last);
      converged(network);
      expect(network.server.text()).toBe("1abcd");
      const [commit] = network.spans.between(2, 3) ?? [];
      expect(commit?.operation).toEqual([
        { retain: 2 },
        { retain: 1, skipped: { component: move, from: 0 } },
        { retain: 1 },
        { retain: 1, skipped: { component: move, from: 1 } },
      ]);
      const [all, ...more] = network.spans.between(0, 4) ?? [];
      expect(more).toEqual([]);
      expect(operationToJson(all?.operation ?? [])).toEqual([{ insert: "1" }, { retain: 1 }, move]);
    }
  });
});
