import type { Operation, Run } from "@tutti/ot";
import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { markRun } from "../src/editing/run-marking.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, opened } from "./world.js";

const run: Run = { start: 2, end: 5 };

describe("markRun (E4)", () => {
  it.each<[string, Operation, Run | undefined, Operation, Run | undefined]>([
    ["starts a run with the first insert", [{ insert: "a" }], undefined, [{ insert: "a" }], { start: 0, end: 1 }],
    [
      "goes on at the end of the run",
      [{ retain: 5 }, { insert: "ab" }],
      run,
      [{ retain: 5 }, { insert: "ab", continues: true }],
      { start: 2, end: 7 },
    ],
    [
      "goes on inside the run, which then ends at the caret",
      [{ retain: 3 }, { insert: "a" }],
      run,
      [{ retain: 3 }, { insert: "a", continues: true }],
      { start: 2, end: 4 },
    ],
    [
      "does not go on in front of the run: the left neighbour is not mine",
      [{ retain: 2 }, { insert: "a" }],
      run,
      [{ retain: 2 }, { insert: "a" }],
      { start: 2, end: 3 },
    ],
    [
      "starts a new run elsewhere",
      [{ retain: 9 }, { insert: "a" }],
      run,
      [{ retain: 9 }, { insert: "a" }],
      { start: 9, end: 10 },
    ],
    [
      "shrinks with a backspace",
      [{ retain: 4 }, { delete: 1 }],
      run,
      [{ retain: 4 }, { delete: 1 }],
      { start: 2, end: 4 },
    ],
    ["ends when all of it is deleted", [{ retain: 1 }, { delete: 5 }], run, [{ retain: 1 }, { delete: 5 }], undefined],
    ["moves when something in front is deleted", [{ delete: 2 }], run, [{ delete: 2 }], { start: 0, end: 3 }],
    ["loses its start", [{ retain: 1 }, { delete: 2 }], run, [{ retain: 1 }, { delete: 2 }], { start: 1, end: 3 }],
    [
      "keeps its place when something behind is deleted",
      [{ retain: 5 }, { delete: 2 }],
      run,
      [{ retain: 5 }, { delete: 2 }],
      run,
    ],
    [
      "is not touched by formatting",
      [{ retain: 9, attributes: { bold: true } }],
      run,
      [{ retain: 9, attributes: { bold: true } }],
      run,
    ],
    [
      "replacing a part of it goes on",
      [{ retain: 4 }, { insert: "x" }, { delete: 1 }],
      run,
      [{ retain: 4 }, { insert: "x", continues: true }, { delete: 1 }],
      { start: 2, end: 5 },
    ],
    [
      "replacing all of it starts anew",
      [{ retain: 2 }, { insert: "x" }, { delete: 3 }],
      run,
      [{ retain: 2 }, { insert: "x" }, { delete: 3 }],
      { start: 2, end: 3 },
    ],
    [
      "of several inserts, the later ones see what the earlier ones did",
      [{ retain: 5 }, { insert: "a" }, { insert: "b", attributes: { bold: true } }],
      run,
      [{ retain: 5 }, { insert: "a", continues: true }, { insert: "b", attributes: { bold: true }, continues: true }],
      { start: 2, end: 7 },
    ],
    [
      "replaces bits that the caller brings",
      [{ insert: "a", continues: true }],
      undefined,
      [{ insert: "a" }],
      { start: 0, end: 1 },
    ],
  ])("%s", (_name, operation, before, expected, after) => {
    expect(markRun(operation, before)).toEqual({ operation: expected, run: after });
  });
});

describe("the run of an open document", () => {
  const lastInsert = (world: ReturnType<typeof opened>): unknown => world.changes.at(-1)?.delta.at(-1);

  it("moves with other people's edits", () => {
    const world = opened("abc");
    world.doc.insert(3, "1");
    world.server.commit([{ insert: "XX" }]);
    world.server.pump();
    world.doc.insert(6, "2");
    expect(lastInsert(world)).toEqual({ insert: "2", continues: true });
  });

  it("moves with my own undo elsewhere", () => {
    const world = opened("abc");
    world.doc.insert(3, "12");
    world.doc.delete(0, 1);
    world.doc.undo();
    world.doc.insert(5, "3");
    expect(lastInsert(world)).toEqual({ insert: "3", continues: true });
  });

  it("does not take what an undo brought back for typing", () => {
    const world = opened("abc");
    world.doc.insert(3, "1");
    world.doc.delete(3, 1);
    world.doc.undo();
    world.doc.insert(4, "2");
    expect(lastInsert(world)).toEqual({ insert: "2" });
  });
});

/** Two people type at one place, a key every 80 ms, over connections with the given delays (ms). */
async function race(delayA: number, delayB: number): Promise<string> {
  const clock = new VirtualClock();
  const server = new FakeServer([{ insert: "." }]);
  const people = [clientOf(server, { clock, seed: 1 }), clientOf(server, { clock, seed: 2, token: "ben" })];
  const docs = people.map(({ client }) => client.open(DOCUMENT));
  server.pump();
  // Frames travel as long as the delay says: each tick of the wire is one event of the clock.
  const delays = [delayA, delayB];
  const travel = (index: number): void => {
    const connection = server.connections[index];
    connection?.deliverUp();
    connection?.deliverDown();
    clock.schedule(Math.max(delays[index] ?? 0, 1), () => travel(index));
  };
  travel(0);
  travel(1);
  for (const [index, word] of ["Hello", "World"].entries()) {
    let caret = 0;
    for (const [key, letter] of [...word].entries()) {
      clock.schedule(key * 80 + index * 7, () => {
        const doc = docs[index];
        caret = key === 0 ? 0 : (doc?.text().indexOf(word.slice(0, key)) ?? 0) + key;
        doc?.insert(caret, letter);
      });
    }
  }
  await clock.advance(8000);
  expect(docs[0]?.text()).toBe(docs[1]?.text());
  return docs[0]?.text() ?? "";
}

it("HelloWorld, typed against each other, never interleaves at any delay (E4)", async () => {
  for (let delay = 0; delay <= 500; delay += 10) {
    for (const other of [delay, 0, 250]) {
      expect(await race(delay, other), `delays ${delay} and ${other} ms`).toMatch(/^(HelloWorld|WorldHello)\.$/);
    }
  }
});
