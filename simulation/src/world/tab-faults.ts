import type { SeededRandom, SimulatedDevice } from "@tutti/testkit";
import type { Device } from "./device.js";
import type { Person } from "./person.js";
import type { Fault } from "./plan.js";
import { STEPS } from "./steps.js";
import type { World } from "./world.js";

/** What strikes one person: their tab, their storage, their network. */
export type TabFault = Extract<
  Fault,
  | "client crash"
  | "tab crash"
  | "reload offline"
  | "duplicate tab"
  | "long offline"
  | "storage refused"
  | "storage full"
  | "storage breaks"
>;

type Strike = (random: SeededRandom, person: Person) => void;
/** Does something later, unless everything is repaired before. */
type Later = (delay: number, task: () => void) => void;

/** Tabs that come in the course of a run, besides the first one of each person. */
const MOST_TABS = 10;
/** A tab that is closed properly needs so long at most to say farewell, in milliseconds. */
const FAREWELL = 6000;

/** Longest time in which a document opens from a device, in milliseconds, and the calls of the device that it takes. */
const OPENING = 200;
const CALLS = 6;

/** Breaks tabs and devices: each strike begins something that ends by itself. */
export class TabFaults {
  readonly strikes: Readonly<Record<TabFault, Strike>> = {
    "client crash": (_random, person) => this.#replace(person),
    "tab crash": (random, person) => this.#crash(random, person),
    "reload offline": (random, person) => this.#reloadOffline(random, person),
    "duplicate tab": (random, person) => this.#duplicate(random, person),
    "long offline": (random, person) => this.#stayOffline(random, person),
    "storage refused": (random, person) => this.#refuse(random, person),
    "storage full": (random, person) => this.#fill(random, person),
    "storage breaks": (random, person) => this.#break(random, person),
  };
  readonly #world: World;
  readonly #joined: (newcomer: Person) => void;
  readonly #later: Later;
  readonly #leaving: Person[] = [];
  #tabs = 0;

  /** @param joined told of a tab that came */
  constructor(world: World, joined: (newcomer: Person) => void, later: Later) {
    this.#world = world;
    this.#joined = joined;
    this.#later = later;
  }

  /** Every network and storage of a person works again, and on each device that has storage there is a new tab. */
  heal(): void {
    for (const person of this.#world.people) {
      this.#world.steps.forget(person);
      person.host.conditions = { ...person.host.conditions, refusals: 0 };
      person.host.heal();
    }
    // What they leave on the device is brought home by whoever opens the document next.
    for (const person of this.#leaving) person.die();
    for (const device of this.#world.devices) {
      if (device.storage === undefined) continue;
      device.storage.conditions = { ...device.storage.conditions, refuses: false, full: false, failureRate: 0 };
      this.#world.join(`${device.name}+last`, device);
    }
  }

  /** Somebody's browser dies, and they come again on another device. */
  #replace(person: Person): void {
    if (this.#isCrowded()) return;
    this.#end(person);
    this.#open(person.device.name);
  }

  /** A tab dies, at any moment or between two steps of what it does; its person opens another one on the device. */
  #crash(random: SeededRandom, person: Person): void {
    if (this.#isCrowded()) return;
    const pause = random.pick([0, 0, random.between(0, 3000)] as const);
    const crash = (): void => {
      this.#end(person);
      this.#later(pause, () => this.#open(person.device.name, person.device));
    };
    if (random.chance(0.3)) crash();
    else this.#world.steps.await(person, random.pick(STEPS), crash);
  }

  /** Without network a tab is reloaded; what it had shown must be there again, and what is typed then must come. */
  #reloadOffline(random: SeededRandom, person: Person): void {
    if (this.#isCrowded()) return;
    this.#goOffline(person);
    const farewell = random.chance(0.3);
    this.#later(random.between(0, 2000), () => {
      if (!person.alive) return;
      if (farewell) this.#leave(person);
      else this.#end(person);
      this.#openOffline(person.device, random.between(500, 5000));
    });
    this.#later(6000, () => this.#goOnline(person));
  }

  /** What the device holds must be there although nobody can be reached (C3). */
  #openOffline(device: Device, duration: number): void {
    // Another tab may take what there is.
    const stored = this.#isAlone(device) ? keptOn(device) : new Set<string>();
    const next = this.#open(device.name, device);
    this.#goOffline(next);
    this.#later(duration, () => {
      const { offline } = this.#world.plan;
      const inTime = duration > OPENING + CALLS * 2 * (offline?.latency[1] ?? 0);
      const last = device.tabs.at(-1) === next.name;
      if (inTime && last && next.alive && device.storage?.conditions.refuses === false) next.expectReady(stored);
      this.#goOnline(next);
    });
  }

  /** The same document twice on one device; then one of both tabs dies, and now and then comes again. */
  #duplicate(random: SeededRandom, person: Person): void {
    if (this.#isCrowded()) return;
    const second = this.#open(person.device.name, person.device);
    const first = random.chance(0.5);
    const again = random.chance(0.5);
    this.#later(random.between(200, 4000), () => {
      const dying = first ? person : second;
      if (!dying.alive) return;
      this.#end(dying);
      if (again && !this.#isCrowded()) this.#open(person.device.name, person.device);
    });
  }

  #stayOffline(random: SeededRandom, person: Person): void {
    this.#goOffline(person);
    this.#later(this.#world.plan.duration * (0.3 + random.next() / 2), () => this.#goOnline(person));
  }

  /** A private window: tabs that are open go on; whoever comes is kept by nothing. */
  #refuse(random: SeededRandom, person: Person): void {
    const { storage } = person.device;
    if (storage === undefined || this.#isCrowded()) return;
    this.#change(storage, { refuses: true });
    this.#end(person);
    this.#open(person.device.name, person.device);
    this.#later(random.between(500, 5000), () => this.#change(storage, { refuses: false }));
  }

  #fill(random: SeededRandom, { device: { storage, name } }: Person): void {
    if (storage === undefined) return;
    this.#world.trace.add(name, "device is full");
    this.#change(storage, { full: true });
    this.#later(random.between(200, 4000), () => this.#change(storage, { full: false }));
  }

  #break(random: SeededRandom, { device: { storage, name } }: Person): void {
    if (storage === undefined) return;
    this.#world.trace.add(name, "device fails");
    this.#change(storage, { failureRate: random.pick([0.3, 1] as const) });
    this.#later(random.between(50, 2000), () => this.#change(storage, { failureRate: 0 }));
  }

  #change(storage: SimulatedDevice, conditions: Partial<SimulatedDevice["conditions"]>): void {
    storage.conditions = { ...storage.conditions, ...conditions };
  }

  #goOffline({ name, host }: Person): void {
    this.#world.trace.add(name, "goes offline");
    host.conditions = { ...host.conditions, refusals: 1 };
    host.cut();
  }

  #goOnline({ name, host }: Person): void {
    this.#world.trace.add(name, "is online again");
    host.conditions = { ...host.conditions, refusals: 0 };
  }

  #end(person: Person): void {
    if (!person.alive) return;
    this.#world.trace.add(person.name, "dies");
    person.die();
  }

  #leave(person: Person): void {
    this.#world.trace.add(person.name, "closes the tab");
    person.leave();
    this.#leaving.push(person);
    this.#world.clock.schedule(FAREWELL, () => person.die());
  }

  #open(name: string, device?: Device): Person {
    this.#tabs += 1;
    const newcomer = this.#world.join(`${name}+${this.#tabs}`, device);
    this.#world.trace.add(newcomer.name, device === undefined ? "comes with a new device" : "comes again");
    this.#joined(newcomer);
    return newcomer;
  }

  #isAlone(device: Device): boolean {
    return !this.#world.people.some((person) => person.device === device && person.alive);
  }

  #isCrowded(): boolean {
    return this.#tabs >= MOST_TABS;
  }
}

/** Documents of which a device has something that nobody holds. */
function keptOn({ storage }: Device): ReadonlySet<string> {
  // Where records are torn, the first one of a document may be.
  if (storage === undefined || storage.conditions.refuses || storage.conditions.tears) return new Set();
  const free = storage.journals.filter(({ holder, contents }) => holder === undefined && contents.length > 0);
  return new Set(free.map(({ document }) => document));
}
