import { TuttiError } from "@tutti/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QueueBudget } from "../../src/protection/queue-budget.js";
import { type Turn, Turns } from "../../src/protection/turns.js";

const LIMITS = { storageQueue: 1000, queuedBytes: 1_000_000, retryAfter: 1000 };

function queue(documentWindow: number, documentQueue: number, limits = LIMITS) {
  const slow: string[] = [];
  const budget = new QueueBudget(limits);
  const turns = new Turns({ documentWindow, documentQueue, retryAfter: 1000 }, budget, (user) => slow.push(user));
  const started: string[] = [];
  const refused: string[] = [];
  const running: Turn[] = [];
  const request = async (user: string, name = user): Promise<void> => {
    const turn = turns.request(user, 10);
    if (turn.ready !== undefined) await turn.ready.catch(() => refused.push(name));
    if (refused.includes(name)) return;
    started.push(name);
    running.push(turn);
  };
  const end = async (): Promise<void> => {
    running.shift()?.end();
    await settle();
  };
  return { turns, budget, slow, started, refused, running, request, end };
}

/** Lets everything that awaits a settled promise go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return "none";
  } catch (error) {
    if (error instanceof TuttiError) return `${error.code} ${error.retryAfter}`;
    throw error;
  }
};

describe("turns", () => {
  it("come at once while the window has room", () => {
    const { turns } = queue(2, 10);
    expect(turns.request("ann", 1).ready).toBeUndefined();
    expect(turns.request("ann", 1).ready).toBeUndefined();
    expect(turns.request("ann", 1).ready).toBeInstanceOf(Promise);
    expect(turns.depth).toBe(3);
  });

  it("S7: one keystroke never stands behind the flood of somebody else", async () => {
    const { request, end, started } = queue(1, 1000);
    for (let count = 0; count < 500; count += 1) void request("eve", `eve ${count}`);
    void request("ann");
    await settle();
    await end();
    await end();
    expect(started).toEqual(["eve 0", "eve 1", "ann"]);
  });

  it("go round between everybody who waits, each in their own order", async () => {
    const { request, end, started } = queue(1, 100);
    for (const name of ["a1", "a2", "a3", "b1", "b2", "c1"]) void request(name.slice(0, 1), name);
    await settle();
    for (let count = 0; count < 6; count += 1) await end();
    expect(started).toEqual(["a1", "a2", "b1", "c1", "a3", "b2"]);
  });

  it("in a full queue whoever waits most gives way, and is asked to slow down", async () => {
    const { turns, request, refused, slow } = queue(1, 5);
    for (const name of ["e1", "e2", "e3", "e4", "e5"]) void request("eve", name);
    await settle();
    expect(codeOf(() => turns.request("eve", 10))).toBe("overloaded 1000");
    void request("ann");
    await settle();
    expect(refused).toEqual(["e5"]);
    expect(slow).toContain("eve");
    expect(turns.depth).toBe(5);
  });

  it("keep the bounds of all documents together", () => {
    const few = queue(10, 10, { ...LIMITS, storageQueue: 2 });
    few.turns.request("ann", 10);
    few.turns.request("ann", 10);
    expect(codeOf(() => few.turns.request("ann", 10))).toBe("overloaded 1000");
    const small = queue(10, 10, { ...LIMITS, queuedBytes: 100 });
    const large = small.turns.request("ann", 5000);
    expect(codeOf(() => small.turns.request("ann", 10))).toBe("overloaded 1000");
    large.end();
    expect(codeOf(() => small.turns.request("ann", 10))).toBe("none");
  });

  it("in any history the account is exact, and everybody gets a turn or a refusal", async () => {
    const steps = fc.array(fc.oneof(fc.constantFrom("ann", "bob", "eve"), fc.constant("end")), { maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 4, max: 12 }),
        async (history, window, most) => {
          const { turns, budget, started, refused, running, request, end } = queue(window, most);
          let asked = 0;
          let turnedAway = 0;
          for (const [index, step] of history.entries()) {
            if (step === "end") await end();
            else {
              asked += 1;
              await Promise.race([request(step, `${step} ${index}`).catch(() => (turnedAway += 1)), settle()]);
            }
            expect(turns.depth).toBeLessThanOrEqual(most);
            expect(running.length).toBeLessThanOrEqual(window);
            expect(budget.operations).toBe(turns.depth);
            expect(budget.bytes).toBe(10 * turns.depth);
          }
          while (running.length > 0) await end();
          expect(started.length + refused.length + turnedAway).toBe(asked);
          expect([turns.depth, budget.operations, budget.bytes]).toEqual([0, 0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
