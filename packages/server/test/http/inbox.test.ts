import type { ConnectionEvents } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { Inbox } from "../../src/http/inbox.js";

function recorded(name: string, told: string[]): ConnectionEvents {
  return {
    frame: (frame) => told.push(`${name} ${String(frame)}`),
    closed: (code, reason) => told.push(`${name} closed ${code} ${reason}`),
  };
}

const unpaused = () => () => {};

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("what sockets bring in one turn", () => {
  it("is handed on at its end, in order, without a microtask in between", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    const first: ConnectionEvents = {
      ...recorded("a", told),
      frame: (frame) => {
        told.push(`a ${String(frame)}`);
        queueMicrotask(() => told.push("microtask"));
      },
    };
    inbox.open(first, unpaused).frame("1");
    inbox.open(recorded("b", told), unpaused).frame("2");
    expect(told).toEqual([]);
    await endOfTurn();
    expect(told).toEqual(["a 1", "b 2", "microtask"]);
  });

  it("ends with the close of a connection, behind what it said before", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    const line = inbox.open(recorded("a", told), unpaused);
    line.frame("last words");
    line.closed(1000, "bye");
    await endOfTurn();
    expect(told).toEqual(["a last words", "a closed 1000 bye"]);
  });

  it("waits for the next turn when it comes while things are handed on", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    const line: ConnectionEvents = inbox.open(
      {
        ...recorded("a", told),
        frame: (frame) => {
          told.push(String(frame));
          if (frame === "1") line.frame("2");
        },
      },
      unpaused,
    );
    line.frame("1");
    await endOfTurn();
    await endOfTurn();
    expect(told).toEqual(["1", "2"]);
  });

  it("is not kept waiting where it is large, and stays in order (S12)", async () => {
    const told: string[] = [];
    const line = new Inbox().open(
      { ...recorded("a", told), frame: (frame) => told.push(`${frame.length} units`) },
      unpaused,
    );
    line.frame("small");
    line.frame("x".repeat(16_385));
    expect(told).toEqual(["5 units", "16385 units"]);
    line.frame("x".repeat(16_384));
    await endOfTurn();
    expect(told).toEqual(["5 units", "16385 units", "16384 units"]);
  });

  it("comes in shares where one connection brings very much: others don't wait, and it is read no further (S7)", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    let paused = 0;
    const flood = inbox.open(recorded("flood", told), () => {
      paused += 1;
      return () => {
        paused -= 1;
      };
    });
    for (let count = 1; count <= 120; count += 1) flood.frame(String(count));
    flood.closed(1000, "bye");
    inbox.open(recorded("b", told), unpaused).frame("only one");
    await endOfTurn();
    expect([told.length, told.at(-1), paused]).toEqual([51, "b only one", 1]);
    await endOfTurn();
    await endOfTurn();
    expect([told.length, told.at(-1), paused]).toEqual([122, "flood closed 1000 bye", 0]);
    expect(told.filter((line) => line.startsWith("flood")).slice(0, 120)).toEqual(
      Array.from({ length: 120 }, (_, index) => `flood ${index + 1}`),
    );
  });
});
