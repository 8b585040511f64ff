import { describe, expect, it } from "vitest";
import { SeededRandom, SimulatedDevice, VirtualClock } from "../src/index.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (records: readonly Uint8Array[]): string => records.map((each) => new TextDecoder().decode(each)).join();

function deviceOf(conditions: Partial<SimulatedDevice["conditions"]> = {}, seed = 1) {
  const clock = new VirtualClock();
  const device = new SimulatedDevice(clock, new SeededRandom(seed), { latency: { from: 10, to: 10 }, ...conditions });
  return { clock, device };
}

/** What a promise has come to so far. */
function watched<T>(promise: Promise<T>): { value: T | undefined; error: string | undefined; done: boolean } {
  const state: ReturnType<typeof watched<T>> = { value: undefined, error: undefined, done: false };
  promise.then(
    (value) => Object.assign(state, { value, done: true }),
    (error: { readonly code?: string }) => Object.assign(state, { error: error.code ?? "another", done: true }),
  );
  return state;
}

/** A tab with a journal. */
async function writing(conditions: Partial<SimulatedDevice["conditions"]> = {}, seed = 1) {
  const { clock, device } = deviceOf(conditions, seed);
  const tab = device.openTab();
  const created = watched(tab.create("d", "c1"));
  await clock.runUntil(() => created.done, 100);
  if (created.value === undefined) throw new Error("no journal");
  return { clock, device, tab, journal: created.value };
}

describe("a journal on a simulated device", () => {
  it("is durable before its writer hears of it, in order", async () => {
    const { clock, device, journal } = await writing();
    const first = watched(journal.append([bytes("a"), bytes("b")]));
    const second = watched(journal.append([bytes("c")]));
    await clock.advance(10);
    expect([texts(device.journals[0]?.contents ?? []), first.done]).toEqual(["a,b", false]);
    await clock.advance(10);
    expect([first.done, second.done]).toEqual([true, false]);
    await clock.advance(20);
    expect([texts(device.journals[0]?.contents ?? []), second.done]).toEqual(["a,b,c", true]);
  });

  it("has a snapshot instead of all that was before it", async () => {
    const { clock, journal } = await writing();
    void journal.append([bytes("a")]);
    void journal.compact(bytes("s"));
    void journal.append([bytes("b")]);
    const read = watched(journal.read());
    await clock.advance(200);
    expect(texts(read.value?.entries ?? [])).toBe("b");
    expect(texts([read.value?.snapshot ?? bytes("")])).toBe("s");
  });

  it("keeps a first part of what was on its way when its tab died, never a torn record", async () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { device, tab, journal } = await writing({}, seed);
      const told = watched(journal.append([bytes("a1"), bytes("a2")]));
      void journal.append([bytes("b")]);
      tab.die();
      kept.add(texts(device.journals[0]?.contents ?? []));
      expect(told.done).toBe(false);
    }
    expect(kept).toEqual(new Set(["", "a1,a2", "a1,a2,b"]));
  });

  it("may end in half a record where the device tears", async () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 300; seed += 1) {
      const { device, tab, journal } = await writing({ tears: true }, seed);
      void journal.append([bytes("a1"), bytes("a2")]);
      tab.die();
      kept.add(texts(device.journals[0]?.contents ?? []));
    }
    expect(kept).toEqual(new Set(["", "a", "a1,", "a1,a", "a1,a2"]));
  });

  it("belongs to one tab until that dies, releases or deletes it", async () => {
    const { clock, device, tab, journal } = await writing();
    const other = device.openTab();
    const denied = watched(other.claim("d"));
    await clock.advance(20);
    expect([denied.done, denied.value]).toEqual([true, undefined]);
    void journal.append([bytes("a")]);
    journal.release();
    const early = watched(other.claim("d"));
    await clock.advance(10);
    expect(early.value, "a write was on its way").toBeUndefined();
    await clock.advance(20);
    const claimed = watched(other.claim("d"));
    await clock.advance(20);
    expect(claimed.value?.client).toBe("c1");
    tab.die();
    other.die();
    const third = device.openTab();
    const again = watched(third.claim("d"));
    await clock.advance(20);
    void again.value?.delete();
    await clock.advance(20);
    expect(device.journals).toEqual([]);
  });

  it("that was written last is claimed first", async () => {
    const { clock, device, tab, journal } = await writing();
    void tab.create("d", "c2");
    await clock.advance(20);
    void journal.append([bytes("a")]);
    await clock.advance(20);
    tab.die();
    const claimed = watched(device.openTab().claim("d"));
    await clock.advance(20);
    expect(claimed.value?.client).toBe("c1");
  });
});

describe("a simulated device", () => {
  it("that is full takes nothing, and gives everything", async () => {
    const { clock, device, tab, journal } = await writing();
    void journal.append([bytes("a")]);
    await clock.advance(20);
    device.conditions = { ...device.conditions, full: true };
    const refused = [journal.append([bytes("b")]), journal.compact(bytes("s")), tab.create("d", "c2")].map((promise) =>
      watched<unknown>(promise),
    );
    const read = watched(journal.read());
    await clock.advance(200);
    expect(refused.map(({ error }) => error)).toEqual(["full", "full", "full"]);
    expect(texts(read.value?.entries ?? [])).toBe("a");
  });

  it("that refuses opens nothing", async () => {
    const { clock, device, tab } = await writing({});
    device.conditions = { ...device.conditions, refuses: true };
    const refused = [tab.claim("d"), tab.create("d", "c2"), tab.documents()].map((promise) =>
      watched<unknown>(promise),
    );
    await clock.advance(20);
    expect(refused.map(({ error }) => error)).toEqual(["refused", "refused", "refused"]);
  });

  it("tells every step, so that a tab can die in it", async () => {
    const { clock, device, tab, journal } = await writing();
    const steps: string[] = [];
    device.watch(({ step }) => {
      steps.push(step);
      if (step === "compaction durable") tab.die();
    });
    void journal.append([bytes("a")]);
    const compacted = watched(journal.compact(bytes("s")));
    await clock.advance(200);
    expect(steps).toEqual([
      "append begins",
      "compaction begins",
      "append durable",
      "append answered",
      "compaction durable",
    ]);
    expect(compacted.done).toBe(false);
    expect(texts(device.journals[0]?.contents ?? [])).toBe("s");
  });
});
