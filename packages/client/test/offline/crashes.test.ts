import { SeededRandom, VirtualClock } from "@tutti/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DocumentHandle } from "../../src/index.js";
import { type FakeConnection, FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT } from "../world.js";
import { MemoryOfflineStore } from "./memory-offline-store.js";

/**
 * The law of the outbox: whenever tabs die, whatever of their writes is durable by then, everything that was told to be
 * stored reaches the server exactly once, and everything else at most once.
 */
const RUNS = 200;
const TABS = 2;
/** Characters that nobody types twice. */
const FIRST_CHARACTER = 0x4e00;

type Event =
  | "type"
  | "erase"
  | "theirs"
  | "up"
  | "down"
  | "store"
  | "wait"
  | "lose"
  | "crash"
  | "reopen"
  | "forget"
  | "fault";
interface Step {
  readonly tab: number;
  readonly event: Event;
  readonly seed: number;
}

const eventOf = (faults: boolean): fc.Arbitrary<Event> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant("type" as const) },
    { weight: 2, arbitrary: fc.constant("erase" as const) },
    { weight: 3, arbitrary: fc.constant("theirs" as const) },
    { weight: 6, arbitrary: fc.constant("up" as const) },
    { weight: 8, arbitrary: fc.constant("down" as const) },
    { weight: 8, arbitrary: fc.constant("store" as const) },
    { weight: 2, arbitrary: fc.constantFrom("wait" as const, "lose" as const) },
    { weight: 2, arbitrary: fc.constantFrom("crash" as const, "reopen" as const) },
    { weight: 1, arbitrary: fc.constant("forget" as const) },
    { weight: faults ? 2 : 0, arbitrary: fc.constant("fault" as const) },
  );
const stepsOf = (faults: boolean) =>
  fc.array(fc.record({ tab: fc.nat(TABS - 1), event: eventOf(faults), seed: fc.nat() }), {
    minLength: 10,
    maxLength: 100,
    size: "max",
  });

interface Tab {
  doc: DocumentHandle;
  readonly reopen: () => void;
  readonly connection: () => FakeConnection | undefined;
  readonly crash: () => void;
  /** Something was told that a person has to decide. */
  readonly stranded: () => boolean;
}

class Device {
  readonly store = new MemoryOfflineStore();
  readonly server = new FakeServer([{ insert: "start" }]);
  readonly clock = new VirtualClock();
  readonly typed = new Set<string>();
  readonly stored = new Set<string>();
  readonly erased = new Set<string>();
  #started = 0;

  start(): Tab {
    this.#started += 1;
    const clock = this.clock.mortal();
    const { store, crash } = this.store.tab();
    const { client, connection } = clientOf(this.server, {
      clock,
      random: new SeededRandom(this.#started),
      offline: store,
    });
    let stranded = false;
    const tab: Tab = {
      doc: client.open(DOCUMENT),
      reopen: () => {
        tab.doc.close();
        tab.doc = client.open(DOCUMENT);
      },
      connection,
      stranded: () => stranded,
      crash: () => {
        clock.kill();
        crash();
        connection()?.lose();
      },
    };
    tab.doc.on("error", ({ code }) => {
      stranded ||= code === "sequence_gap";
    });
    return tab;
  }

  type({ doc }: Tab, random: SeededRandom): void {
    const character = String.fromCharCode(FIRST_CHARACTER + this.typed.size);
    if (!attempted(() => doc.insert(Math.floor(random.next() * (doc.length + 1)), character))) return;
    this.typed.add(character);
    void doc.persisted().then(() => {
      if (doc.stored) this.stored.add(character);
    });
  }

  erase({ doc }: Tab, random: SeededRandom): void {
    const index = Math.floor(random.next() * doc.length);
    const character = doc.text()[index];
    if (character !== undefined && attempted(() => doc.delete(index, 1))) this.erased.add(character);
  }

  theirs(random: SeededRandom): void {
    const index = Math.floor(random.next() * (this.server.document.length + 1));
    this.server.commit([...(index === 0 ? [] : [{ retain: index }]), { insert: "x" }]);
  }

  /** Everything arrives everywhere, until nothing changes any more. */
  async settle(): Promise<void> {
    this.store.fault = undefined;
    this.store.manual = false;
    for (let round = 0; round < 24; round += 1) {
      while (this.store.step());
      this.server.pump();
      // Less than what makes a connection give up, and together longer than every pause.
      await this.clock.advance(2000);
    }
    this.server.pump();
  }
}

/** A document that is not ready, or was closed, takes no edits. */
function attempted(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

async function take(device: Device, tabs: Tab[], { tab: index, event, seed }: Step): Promise<void> {
  const random = new SeededRandom(seed);
  const tab = tabs[index] as Tab;
  const connection = tab.connection();
  if (event === "type") device.type(tab, random);
  else if (event === "erase") device.erase(tab, random);
  else if (event === "theirs") device.theirs(random);
  else if (event === "store") device.store.step();
  else if (event === "wait") await device.clock.advance(1000);
  else if (event === "lose") connection?.lose();
  else if (event === "reopen") tab.reopen();
  else if (event === "forget") device.server.answersContentOnly = !device.server.answersContentOnly;
  else if (event === "fault") device.store.fault = device.store.fault === undefined ? "full" : undefined;
  else if (event === "crash") {
    tab.crash();
    tabs[index] = device.start();
  } else if (connection !== undefined && !connection.gone) {
    if (!connection.opened) connection.open();
    else if (event === "up") connection.deliverUp(1);
    else connection.deliverDown(1);
  }
  await device.clock.settle();
}

for (const faults of [false, true]) {
  it(`tabs crash between any two steps${faults ? ", storage fails now and then" : ""}: exactly once (${RUNS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(faults), async (steps) => {
        const device = new Device();
        const tabs = Array.from({ length: TABS }, () => device.start());
        await device.clock.settle();
        device.server.pump();
        await device.clock.settle();
        device.store.manual = true;
        for (const step of steps) await take(device, tabs, step);
        await device.settle();
        // Whatever the tabs of before left behind is brought by a new one.
        for (const tab of tabs) tab.crash();
        const last = device.start();
        await device.settle();
        const text = device.server.document.text();
        // Storage that could neither write nor delete left less behind than was sent: the person has to look.
        const conflicts = last.stranded() || last.doc.status === "Conflict";
        if (!faults) expect(conflicts).toBe(false);
        if (!conflicts) {
          expect(last.doc.text()).toBe(text);
          expect([last.doc.unsaved, last.doc.status, last.doc.stored]).toEqual([0, "Saved", true]);
          expect(device.store.journals).toHaveLength(1);
        }
        const characters = [...text].filter((character) => device.typed.has(character));
        expect(new Set(characters).size).toBe(characters.length);
        const lost = [...device.stored].filter((c) => !text.includes(c) && !device.erased.has(c));
        if (!faults) expect(lost).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
}
