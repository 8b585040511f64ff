import { describe, expect, it } from "vitest";
import { FairLine } from "../../src/protection/fair-line.js";
import { Gate } from "../../src/protection/gate.js";

/** Lets everything that awaits a settled promise go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A gate, and tasks that end when the test says so. */
function gate(atOnce: number, longest: number) {
  const waiting: number[] = [];
  const started: string[] = [];
  const ends = new Map<string, (fails?: boolean) => void>();
  const made = new Gate(atOnce, longest, (count) => waiting.push(count));
  const pass = (person: string, name = person): Promise<string> =>
    made.pass(
      person,
      () => 1234,
      () =>
        new Promise((resolve, reject) => {
          started.push(name);
          ends.set(name, (fails = false) => (fails ? reject(new Error(name)) : resolve(name)));
        }),
    );
  const end = async (name: string, fails?: boolean): Promise<void> => {
    ends.get(name)?.(fails);
    await settle();
  };
  return { pass, end, started, waiting };
}

describe("S10: a gate", () => {
  it("lets so many through at once, and the next one when one is through, however it ended", async () => {
    const { pass, end, started, waiting } = gate(2, 10);
    const passed = Promise.allSettled(["a", "b", "c", "d"].map((name) => pass(name)));
    expect(started).toEqual(["a", "b"]);
    await end("a");
    expect(started).toEqual(["a", "b", "c"]);
    await end("b", true);
    expect(started).toEqual(["a", "b", "c", "d"]);
    await end("c");
    await end("d");
    expect((await passed).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(waiting).toEqual([1, 2, 1, 0]);
    // Nothing is left behind: two places are free again.
    void pass("e");
    void pass("f");
    expect(started.slice(4)).toEqual(["e", "f"]);
  });

  it("serves people in turn", async () => {
    const { pass, end, started } = gate(1, 10);
    for (const name of ["a1", "a2", "a3"]) void pass("ann", name);
    void pass("bob", "b1");
    for (const name of ["a1", "a2", "b1", "a3"]) await end(name);
    expect(started).toEqual(["a1", "a2", "b1", "a3"]);
  });

  it("refuses what would wait behind too many", async () => {
    const { pass, end } = gate(1, 1);
    void pass("a");
    void pass("b");
    await expect(pass("c")).rejects.toMatchObject({ code: "overloaded", retryAfter: 1234 });
    await end("a");
    void pass("d");
    await expect(pass("e")).rejects.toMatchObject({ code: "overloaded" });
  });
});

describe("a fair line", () => {
  it("serves its lines in rotation, and forgets those who leave", () => {
    const line = new FairLine<string>();
    const leave = [
      ["ann", "a1"],
      ["ann", "a2"],
      ["ann", "a3"],
      ["bob", "b1"],
      ["cyd", "c1"],
    ].map(([person = "", item = ""]) => line.add(person, item));
    expect([line.size, line.next]).toEqual([5, "a1"]);
    leave[1]?.();
    leave[4]?.();
    leave[4]?.();
    expect(line.size).toBe(3);
    expect([line.take(), line.take(), line.take(), line.take()]).toEqual(["a1", "b1", "a3", undefined]);
    // They were served: leaving changes nothing for whoever came later.
    line.add("ann", "a4");
    leave[0]?.();
    expect([line.size, line.next]).toEqual([1, "a4"]);
  });
});
