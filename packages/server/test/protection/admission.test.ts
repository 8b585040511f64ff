import { TuttiError } from "@tutti/protocol";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { silentObserver } from "../../src/metrics/observer.js";
import { Admission, type Visit } from "../../src/protection/admission.js";
import { DEFAULT_PROTECTION, type Protection } from "../../src/protection/defaults.js";

const RULES = {
  admissionsPerSecond: 100,
  admissionsBurst: 10,
  admissionsAtOnce: 50,
  admissionWait: 1000,
  reservedSlots: 10_000,
  slotGrace: 5000,
  retryAfter: 100,
} satisfies Partial<Protection>;

/** People who come to one door. Whoever is let in is done after `serves` milliseconds. */
function door(rules: Partial<Protection> = {}, serves = 0) {
  const clock = new VirtualClock(0);
  const state = { shut: false, serves };
  const waits: number[] = [];
  const admission = new Admission({
    clock,
    observer: { ...silentObserver, admitted: (milliseconds) => waits.push(milliseconds) },
    protection: { ...DEFAULT_PROTECTION, ...RULES, ...rules },
    shut: () => state.shut,
  });
  /** Who got in, when, and after how many attempts. */
  const admitted: { readonly person: string; readonly time: number; readonly attempts: number }[] = [];
  /** When those who were turned away were told to come. */
  const slots: number[] = [];
  let inside = 0;
  let most = 0;
  const served = (visit: Visit): void => {
    inside += 1;
    most = Math.max(most, inside);
    clock.schedule(state.serves, () => {
      inside -= 1;
      visit.settled();
    });
  };
  /** Comes, and, when turned away, again when told to. */
  const come = async (person: string, persistent = true, attempts = 1): Promise<void> => {
    try {
      const visit = admission.enter(person);
      await visit.admitted;
      admitted.push({ person, time: clock.now(), attempts });
      served(visit);
    } catch (error) {
      if (!(error instanceof TuttiError) || error.code !== "overloaded") throw error;
      const { retryAfter = 0 } = error;
      slots.push(clock.now() + retryAfter);
      if (persistent) clock.schedule(retryAfter, () => void come(person, true, attempts + 1));
    }
  };
  return { clock, state, admission, admitted, slots, waits, come, most: () => most };
}

const apart = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.min(...sorted.slice(1).map((time, index) => time - (sorted[index] ?? 0)));
};

describe("S10: admission", () => {
  it("keeps nobody waiting while few come", async () => {
    const { clock, come, admitted } = door();
    for (let index = 0; index < 100; index += 1) {
      void come(`p${index}`);
      await clock.advance(20);
      expect(admitted.at(-1)).toEqual({ person: `p${index}`, time: index * 20, attempts: 1 });
    }
  });

  it("lets a burst in at once, the next ones at the pace of the rules, in the order in which they came", async () => {
    const { clock, come, admitted } = door();
    for (let index = 0; index < 100; index += 1) void come(`p${index}`);
    await clock.settle();
    expect(admitted).toHaveLength(10);
    await clock.advance(500);
    expect(admitted).toHaveLength(60);
    await clock.advance(500);
    expect(admitted.map(({ person }) => person)).toEqual(Array.from({ length: 100 }, (_, index) => `p${index}`));
  });

  it("turns away whoever would wait too long, each with a moment of their own behind the queue", async () => {
    const { clock, come, slots, admission } = door();
    for (let index = 0; index < 500; index += 1) void come(`p${index}`, false);
    await clock.settle();
    // Ten at once, and the queue of a second.
    expect(admission.waiting).toBe(100);
    expect(slots).toHaveLength(390);
    expect(Math.min(...slots)).toBeGreaterThan(1000);
    expect(apart(slots)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...slots)).toBeLessThan(5000);
  });

  it("lets in whoever comes at their slot, however many newcomers press", async () => {
    const { clock, come, admitted, slots } = door();
    for (let index = 0; index < 500; index += 1) void come(`p${index}`);
    for (let time = 0; time < 6000; time += 10) {
      for (let more = 0; more < 3; more += 1) void come(`late ${time} ${more}`, false);
      await clock.advance(10);
    }
    const early = admitted.filter(({ person }) => person.startsWith("p"));
    expect(early).toHaveLength(500);
    expect(Math.max(...early.map(({ attempts }) => attempts))).toBe(2);
    // At the moment that was promised, give or take a few others who came at theirs.
    const promised = slots.slice(0, 390);
    const kept = early.filter(({ attempts }) => attempts === 2).map(({ time }) => time);
    for (const [index, time] of kept.toSorted((a, b) => a - b).entries()) {
      expect(time - (promised[index] ?? 0)).toBeLessThan(200);
    }
  });

  it("brings 5,000 back in 20 s with fewer than two attempts each, by its defaults", async () => {
    const { clock, come, admitted, most } = door(DEFAULT_PROTECTION, 40);
    const random = new SeededRandom(1);
    for (let index = 0; index < 5000; index += 1) {
      clock.schedule(random.integer(1500), () => void come(`p${index}`));
    }
    expect(await clock.runUntil(() => admitted.length === 5000, 20_000)).toBe(true);
    const attempts = admitted.reduce((sum, one) => sum + one.attempts, 0);
    expect(attempts / 5000).toBeLessThan(2);
    expect(Math.max(...admitted.map((one) => one.attempts))).toBe(2);
    expect(most()).toBeLessThanOrEqual(DEFAULT_PROTECTION.admissionsAtOnce);
  });

  it("lets nobody stand behind the many connections of one person", async () => {
    const { clock, come, admitted } = door();
    for (let index = 0; index < 90; index += 1) void come("many");
    void come("single");
    await clock.advance(30);
    expect(admitted.map(({ person }) => person)).toContain("single");
  });

  it("lets in only as many at once as were not served yet", async () => {
    const { clock, come, admitted, most } = door({ admissionsAtOnce: 5 }, 200);
    for (let index = 0; index < 50; index += 1) void come(`p${index}`);
    await clock.advance(1000);
    expect(most()).toBe(5);
    expect(admitted.length).toBeLessThanOrEqual(30);
    expect(await clock.runUntil(() => admitted.length === 50, 5000)).toBe(true);
  });

  it("does not wait for ever for those who want nothing once they are in", async () => {
    const { clock, admission } = door({ admissionsAtOnce: 1 });
    const first = admission.enter("ann");
    await first.admitted;
    let second = false;
    void admission.enter("bob").admitted.then(() => {
      second = true;
    });
    expect(await clock.runUntil(() => second, 2000)).toBe(true);
    // Settled by time already: a second word changes nothing.
    first.settled();
    first.leave();
  });

  it("waits longer for those who asked for a document, but not for ever", async () => {
    const { clock, admission } = door({ admissionsAtOnce: 1 });
    const first = admission.enter("ann");
    await first.admitted;
    first.opens();
    let second: number | undefined;
    void admission.enter("bob").admitted.then(
      () => {
        second = clock.now();
      },
      () => undefined,
    );
    await clock.advance(1400);
    expect(second).toBeUndefined();
    first.settled();
    await clock.settle();
    expect(second).toBe(1400);
    const third = admission.enter("cyd");
    void third.admitted;
    first.opens();
    expect(await clock.runUntil(() => admission.waiting === 0, 2000)).toBe(true);
  });

  it("promises slots at the pace that the server has, not the one it should have", async () => {
    // Five at once, 200 ms each: 25 a second instead of 100.
    const slow = door({ admissionsAtOnce: 5 }, 200);
    for (let index = 0; index < 100; index += 1) void slow.come(`p${index}`);
    await slow.clock.advance(3500);
    slow.slots.length = 0;
    for (let index = 0; index < 300; index += 1) void slow.come(`q${index}`, false);
    await slow.clock.settle();
    // Two thirds of the pace by the rules are the least that is believed: those who come too soon stand in line.
    expect(apart(slow.slots)).toBeGreaterThanOrEqual(15);
  });

  it("keeps no place for those who do not come", async () => {
    const { clock, come, admitted, admission } = door();
    for (let index = 0; index < 500; index += 1) void come(`p${index}`, false);
    await clock.advance(12_000);
    for (let index = 0; index < 100; index += 1) void come(`q${index}`, false);
    await clock.settle();
    expect(admission.waiting).toBe(90);
    await clock.advance(1000);
    expect(admitted.filter(({ person }) => person.startsWith("q"))).toHaveLength(100);
  });

  it("gives the place of somebody who left to the next one", async () => {
    const { clock, admission, admitted, come } = door({ admissionsBurst: 1 });
    const visits = Array.from({ length: 50 }, (_, index) => admission.enter(`p${index}`));
    void come("last");
    for (const visit of visits) visit.leave();
    await clock.advance(20);
    expect(admitted.map(({ person }) => person)).toEqual(["last"]);
    expect(admission.waiting).toBe(0);
    // Nobody hangs who waited for a door that they have left.
    await Promise.all(visits.map(({ admitted: done }) => done));
  });

  it("lets nobody in while it is shut, and sends those away who wait too long", async () => {
    const { clock, state, come, admitted, slots } = door();
    state.shut = true;
    for (let index = 0; index < 20; index += 1) void come(`p${index}`);
    await clock.advance(1499);
    expect([admitted.length, slots.length]).toEqual([0, 0]);
    await clock.advance(1);
    expect([admitted.length, slots.length]).toEqual([0, 20]);
    state.shut = false;
    expect(await clock.runUntil(() => admitted.length === 20, 5000)).toBe(true);
  });

  it("tells different moments to those who are turned away before they said who they are", async () => {
    const { admission } = door();
    const times = Array.from({ length: 1000 }, () => admission.retryAfter());
    expect(new Set(times).size).toBe(1000);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(RULES.retryAfter);
  });

  it("whoever comes in, in whatever order, is in after a while, and never faster than the rules (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(3000), person: fc.nat(60) }), { maxLength: 400 }),
        fc.integer({ min: 0, max: 300 }),
        async (arrivals, serves) => {
          const { clock, come, admitted, most } = door({ slotGrace: 60_000 }, serves);
          for (const { at, person } of arrivals) clock.schedule(at, () => void come(`p${person}`));
          expect(await clock.runUntil(() => admitted.length === arrivals.length, 60_000)).toBe(true);
          expect(most()).toBeLessThanOrEqual(RULES.admissionsAtOnce);
          for (const { time } of admitted) {
            const within = admitted.filter((other) => other.time >= time && other.time < time + 1000).length;
            expect(within).toBeLessThanOrEqual(RULES.admissionsPerSecond + RULES.admissionsBurst);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
