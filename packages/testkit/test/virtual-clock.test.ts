import { describe, expect, it } from "vitest";
import { SeededRandom, VirtualClock } from "../src/index.js";

describe("VirtualClock", () => {
  it("runs tasks by time, then by order of scheduling", async () => {
    const random = new SeededRandom(5);
    const clock = new VirtualClock(0);
    const ran: { time: number; order: number }[] = [];
    for (let order = 0; order < 500; order += 1) {
      const time = random.integer(40);
      clock.schedule(time, () => ran.push({ time, order }));
    }
    expect(await clock.runUntilIdle()).toBe(true);
    expect(ran).toEqual(ran.toSorted((a, b) => a.time - b.time || a.order - b.order));
    expect(ran).toHaveLength(500);
  });

  it("lets long chains of promises settle between two tasks", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const chain = async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
      seen.push("chain");
    };
    clock.schedule(1, () => void chain());
    clock.schedule(1, () => seen.push("next task"));
    await clock.runUntilIdle();
    expect(seen).toEqual(["chain", "next task"]);
  });

  it("stops where it is told to", async () => {
    const clock = new VirtualClock(100);
    const seen: number[] = [];
    for (const delay of [1, 5, 9]) clock.schedule(delay, () => seen.push(clock.now()));
    await clock.advance(5);
    expect([clock.now(), ...seen]).toEqual([105, 101, 105]);
    expect(await clock.runUntil(() => seen.length === 4, 1000)).toBe(false);
    expect(clock.now()).toBe(1105);
  });

  it("forgets cancelled tasks and those of a killed view", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(1, () => seen.push("cancelled"))();
    const view = clock.mortal();
    view.schedule(2, () => seen.push("before"));
    view.schedule(4, () => seen.push("dead"));
    clock.schedule(3, () => view.kill());
    await clock.runUntilIdle();
    expect(seen).toEqual(["before"]);
  });

  it("passes on what a task throws", async () => {
    const clock = new VirtualClock(0);
    clock.schedule(1, () => {
      throw new Error("broken");
    });
    await expect(clock.advance(2)).rejects.toThrow("broken");
  });
});
