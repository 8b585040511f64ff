import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acknowledge,
  admit,
  catchUp,
  compose,
  Document,
  deliver,
  deliveredTo,
  deliverOwn,
  delivery,
  edit,
  flush,
  heard,
  type Operation,
  OperationError,
  operationsOf,
  piecesOf,
  receive,
  rejoin,
  Spans,
  synchronised,
} from "../src/index.js";
import { concurrent, consecutive, documents, holds, operationOn, steps } from "./generators.js";
import { PieceNetwork } from "./sync-network.js";
import { by, CLIENTS, converged, happen, missThree, modes, scripts } from "./sync-script.js";

describe("sync by pieces", () => {
  it("converges whoever is live, behind or away, whatever is lost on the way, told by operations or spans", () => {
    holds(fc.tuple(documents, scripts(steps), modes, by), ([base, script, mode, last]) => {
      const network = new PieceNetwork(base, CLIENTS, mode);
      for (const event of script) happen(network, event, operationOn);
      network.settle(last);
      converged(network);
      missThree(network, last);
    });
  });

  it("converges after long absence: two who are live, two who come back with edits and are told in spans", () => {
    const edits = fc.array(fc.tuple(fc.nat(CLIENTS - 1), steps), { minLength: 20, maxLength: 60 });
    holds(
      fc.tuple(documents, edits, modes),
      ([base, script, mode]) => {
        const network = new PieceNetwork(base, CLIENTS, mode);
        network.leave(2);
        network.leave(3);
        const live = (client: number, operation: Operation): void => {
          network.edit(client, operation);
          network.flush(client);
          network.take(client, "operation");
          for (const listener of [0, 1]) {
            network.tell(listener, "operation");
            network.hear(listener, 9);
          }
        };
        // Two of these are an aligned span, so whoever missed them must be told a composed piece.
        for (const client of [0, 1, 0]) live(client, [{ insert: "abc" }]);
        for (const [client, taken] of script) live(client, operationOn(network.see(client), taken));
        network.join(2);
        network.take(2, "span");
        network.tell(2, "span");
        network.leave(2);
        network.settle("span");
        converged(network);
        expect(network.composed).toBeGreaterThanOrEqual(2);
      },
      0.3,
    );
  });

  it("transforms an author's operation over the very pieces that the author gets", () => {
    const history = consecutive(20);
    holds(
      fc.tuple(history, steps, fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), by), { maxLength: 6 })),
      ([{ base, operations }, taken, stretches]) => {
        const spans = operations.reduce((all, operation) => all.append(operation), Spans.from(0));
        let told = delivery(0);
        for (const [length, kind] of stretches) told = deliver(told, Math.min(deliveredTo(told) + length, 20), kind);
        told = deliver(told, 20, "span");
        const pieces = piecesOf(told, spans) ?? [];
        const mine = operationOn(base, taken);
        const inFlight = flush(edit(synchronised(0), mine));
        const client = catchUp(inFlight, pieces);
        const server = admit(mine, operationsOf(pieces));
        if (inFlight.kind === "synchronised") return;
        expect(client.state).toEqual({ kind: "in_flight", version: 20, inFlight: server });
        const content = operations.reduce((document, operation) => document.apply(operation), base).apply(server);
        const seen = client.apply.reduce((document, operation) => document.apply(operation), base.apply(mine));
        expect(seen.checksum).toBe(content.checksum);
      },
      0.5,
    );
  });

  it("would not converge with other cuts: transform does not distribute over compose", () => {
    const history: readonly Operation[] = [[{ delete: 1 }], [{ insert: "X" }]];
    const mine: Operation = [{ retain: 1 }, { insert: "Y", continues: true }];
    expect(admit(mine, history)).not.toEqual(admit(mine, [history.reduce(compose)]));
  });
});

describe("a delivery", () => {
  const spans = Array.from({ length: 12 }).reduce<Spans>((all) => all.append([{ insert: "x" }]), Spans.from(0));
  const shape = (told: ReturnType<typeof delivery>, from?: number) =>
    piecesOf(told, spans, from)?.map((piece) => `${piece.own ? "own " : ""}${piece.from}-${piece.to}`);

  it("cuts one by one while live, in spans after a gap, and around the author's own", () => {
    let told = deliver(deliver(delivery(1), 3, "operation"), 9, "span");
    expect(shape(told)).toEqual(["1-2", "2-3", "3-4", "4-8", "8-9"]);
    told = deliver(deliverOwn(told), 12, "span");
    expect(shape(told)).toEqual(["1-2", "2-3", "3-4", "4-8", "8-9", "own 9-10", "10-12"]);
    expect(shape(told, 8)).toEqual(["8-9", "own 9-10", "10-12"]);
  });

  it("takes a few numbers however long an author is live", () => {
    const live = Array.from({ length: 12 }, (_, index) => index + 1);
    const told = live.reduce((so, version) => deliver(so, version, "operation"), delivery(0));
    expect(told.stretches).toEqual([{ to: 12, by: "operation" }]);
    expect(deliver(told, 12, "span")).toBe(told);
  });

  it("forgets what the author is known to have heard", () => {
    const told = deliver(deliver(delivery(0), 3, "operation"), 12, "span");
    expect(heard(told, 2)).toEqual({ base: 2, stretches: told.stretches });
    expect(heard(told, 8)).toEqual({ base: 8, stretches: [{ to: 12, by: "span" }] });
    expect(heard(heard(told, 8), 4)).toEqual(heard(told, 8));
    expect(shape(heard(told, 8))).toEqual(["8-12"]);
  });

  it("stays as it was up to an answer that was lost, and is open behind it", () => {
    const told = deliver(deliverOwn(deliver(delivery(0), 3, "operation")), 12, "operation");
    expect(rejoin(told, 2)).toEqual({
      base: 2,
      stretches: [
        { to: 3, by: "operation" },
        { to: 4, by: "own" },
      ],
    });
    expect(rejoin(told, 5)).toEqual(delivery(5));
    expect(rejoin(told, 0)).toEqual({ base: 0, stretches: told.stretches.slice(0, 2) });
  });

  it("has no pieces where history has lost them, and refuses what makes no sense", () => {
    const told = deliver(delivery(1), 9, "operation");
    expect(piecesOf(told, spans.forget(4))).toBeUndefined();
    const codeOf = (attempt: () => unknown): string => {
      try {
        attempt();
      } catch (error) {
        if (error instanceof OperationError) return error.code;
      }
      return "no typed error";
    };
    expect(codeOf(() => deliver(told, 8, "span"))).toBe("out_of_range");
    expect(codeOf(() => operationsOf(piecesOf(deliverOwn(told), spans) ?? []))).toBe("out_of_range");
    expect(codeOf(() => catchUp(synchronised(0), piecesOf(told, spans) ?? []))).toBe("out_of_range");
  });
});

describe("the client's states", () => {
  it("count the versions of a composed piece", () => {
    const states = [
      synchronised(3),
      edit(synchronised(3), [{ insert: "x" }]),
      flush(edit(synchronised(3), [{ insert: "x" }])),
      edit(flush(edit(synchronised(3), [{ insert: "x" }])), [{ insert: "y" }]),
    ];
    const kinds = ["synchronised", "buffered", "in_flight", "in_flight_and_buffered"];
    expect(states.map(({ kind }) => kind)).toEqual(kinds);
    for (const state of states) {
      const { state: next } = receive(state, [{ insert: "abcd" }], "merge", 4);
      expect([next.version, next.kind]).toEqual([7, state.kind]);
    }
  });

  it("have the same buffer however it was read in between", () => {
    holds(
      fc.tuple(consecutive(12), concurrent(1), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 })),
      ([{ operations }, , read]) => {
        let state = synchronised(0);
        let eager = synchronised(0);
        operations.forEach((operation, index) => {
          if (index === 4) [state, eager] = [flush(state), flush(eager)];
          if (index === 8) [state, eager] = [acknowledge(state), acknowledge(eager)];
          state = edit(state, operation);
          // A spread reads the buffer, and what is left is a plain value.
          eager = { ...edit(eager, operation) };
          if (read[index] === true) expect(state).toEqual(eager);
        });
        expect(state).toEqual(eager);
      },
      0.3,
    );
  });

  it("do not notice later edits", () => {
    const first = edit(synchronised(0), [{ insert: "a" }]);
    const second = edit(first, [{ insert: "b" }]);
    edit(edit(second, [{ insert: "c" }]), [{ insert: "d" }]);
    expect([first, second].map((state) => ("buffer" in state ? state.buffer : []))).toEqual([
      [{ insert: "a" }],
      [{ insert: "ba" }],
    ]);
    expect(Document.empty.apply([{ insert: "ba" }]).text()).toBe("ba");
  });
});
