import type { ConnectionEvents } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { Inbox } from "../../src/http/inbox.js";

function recorded(name: string, told: string[]): ConnectionEvents {
  return {
    frame: (frame) => told.push(`${name} ${String(frame)}`),
    closed: (code, reason) => told.push(`${name} closed ${code} ${reason}`),
  };
}

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
    inbox.frame(first, "1");
    inbox.frame(recorded("b", told), "2");
    expect(told).toEqual([]);
    await endOfTurn();
    expect(told).toEqual(["a 1", "b 2", "microtask"]);
  });

  it("ends with the close of a connection, behind what it said before", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    const events = recorded("a", told);
    inbox.frame(events, "last words");
    inbox.closed(events, 1000, "bye");
    await endOfTurn();
    expect(told).toEqual(["a last words", "a closed 1000 bye"]);
  });

  it("waits for the next turn when it comes while things are handed on", async () => {
    const told: string[] = [];
    const inbox = new Inbox();
    const events: ConnectionEvents = {
      ...recorded("a", told),
      frame: (frame) => {
        told.push(String(frame));
        if (frame === "1") inbox.frame(events, "2");
      },
    };
    inbox.frame(events, "1");
    await endOfTurn();
    await endOfTurn();
    expect(told).toEqual(["1", "2"]);
  });
});
