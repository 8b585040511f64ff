import type { SeededRandom } from "@tutti/testkit";
import type { Person } from "./person.js";
import type { Fault } from "./plan.js";
import { type TabFault, TabFaults } from "./tab-faults.js";
import type { World } from "./world.js";

/**
 * Breaks things at random while the plan lasts, each for a while; `heal` repairs everything at once. Every fault has
 * its own randomness, so that leaving one out doesn't change the others.
 */
export class Faults {
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #tabs: TabFaults;
  readonly #strikes: Readonly<
    Record<Exclude<Fault, TabFault>, (random: SeededRandom, someone: Person | undefined) => void>
  > = {
    "connection lost": (random, someone) => this.#loseConnection(random, someone),
    partition: (random, someone) => this.#partition(random, someone),
    refusals: (random, someone) => this.#refuse(random, someone),
    "server crash": (random) => this.#crash(random),
    "server restart": (random) => this.#restart(random),
    "storage failure": (random) => this.#failStorage(random),
    "lost answers": (random) => this.#loseAnswers(random),
    "slow storage": (random) => this.#slowStorage(random),
    "sign-in fails": (random) => this.#failSignIn(random),
    "wrong transforms": (random) => this.#transformWrongly(random),
    "power loss": (random) => this.#losePower(random),
    "full disk": (random) => this.#fillDisk(random),
    "presence crash": () => this.#world.server?.server.presence.fail(),
    "slow reader": (random, someone) => this.#slowDown(random, someone),
  };
  readonly #struck = new Map<Fault, number>();
  #over = false;

  /** @param joined told of somebody who came in place of somebody who died */
  constructor(world: World, joined: (newcomer: Person) => void) {
    this.#world = world;
    this.#random = world.random.fork("faults");
    this.#tabs = new TabFaults(world, joined, (delay, task) => this.#later(delay, task));
  }

  /** How often each fault struck so far. */
  get struck(): ReadonlyMap<Fault, number> {
    return this.#struck;
  }

  start(): void {
    for (const [fault, rate] of Object.entries(this.#world.plan.faults)) {
      if (rate > 0) this.#next(fault as Fault, rate, this.#random.fork(fault));
    }
  }

  /** From now on everything works, and nothing breaks any more. */
  heal(): void {
    this.#over = true;
    this.#world.keepServerUp();
    const { server } = this.#world;
    this.#tabs.heal();
    server?.store.setFaults({ failureRate: 0, latency: this.#world.plan.storeLatency });
    if (server !== undefined) server.answers.lostAnswers = 0;
    this.#world.machine.full = false;
    this.#world.tokens.broken = false;
    this.#world.tokens.reliable = true;
    this.#world.wrongTransforms.rate = 0;
  }

  #next(fault: Fault, rate: number, random: SeededRandom): void {
    this.#world.clock.schedule((-Math.log(1 - random.next()) * 1000) / rate, () => {
      if (this.#over) return;
      this.#struck.set(fault, (this.#struck.get(fault) ?? 0) + 1);
      this.#strike(fault, random, random.pick(this.#world.people.filter((person) => person.alive)));
      this.#next(fault, rate, random);
    });
  }

  #strike(fault: Fault, random: SeededRandom, someone: Person | undefined): void {
    if (!isTabFault(fault, this.#tabs)) this.#strikes[fault](random, someone);
    else if (someone !== undefined) this.#tabs.strikes[fault](random, someone);
  }

  #loseConnection(random: SeededRandom, person: Person | undefined): void {
    const late = random.pick([0, 0, 100, 5000] as const);
    this.#world.trace.add(person?.name ?? "", "loses the connection");
    person?.host.cut({
      inTransit: random.pick(["random", "random", "all", "none"] as const),
      noticedAfter: { from: 0, to: late },
    });
  }

  #partition(random: SeededRandom, person: Person | undefined): void {
    this.#world.trace.add(person?.name ?? "", "partitioned");
    person?.host.partition();
    this.#later(random.between(100, 6000), () => {
      this.#world.trace.add(person?.name ?? "", "healed");
      person?.host.heal();
    });
  }

  /** What is sent to somebody piles up in front of them for a while; what they send arrives. */
  #slowDown(random: SeededRandom, person: Person | undefined): void {
    if (person === undefined) return;
    this.#world.trace.add(person.name, "stops reading");
    person.host.stall();
    this.#later(random.between(100, 6000), () => {
      this.#world.trace.add(person.name, "reads again");
      person.host.heal();
    });
  }

  #refuse(random: SeededRandom, person: Person | undefined): void {
    if (person === undefined) return;
    const { host } = person;
    host.conditions = { ...host.conditions, refusals: 0.7 };
    host.cut();
    this.#later(random.between(100, 4000), () => {
      host.conditions = { ...host.conditions, refusals: 0 };
    });
  }

  #crash(random: SeededRandom): void {
    this.#world.crashServer();
    this.#later(random.between(0, 3000), () => this.#world.startServer());
  }

  /** At any moment, or at a bad one: while something is being synced. */
  #losePower(random: SeededRandom): void {
    const { machine, plan } = this.#world;
    const lose = (): void => {
      this.#world.losePower(random);
      this.#later(random.between(0, 3000), () => this.#world.startServer());
    };
    if (random.chance(0.3)) lose();
    else machine.atNextWrite(() => this.#later(random.next() * plan.syncLatency[1], lose));
  }

  #transformWrongly(random: SeededRandom): void {
    const { wrongTransforms, trace } = this.#world;
    trace.add("engine", "is wrong");
    wrongTransforms.rate = random.pick([0.1, 0.5, 1] as const);
    this.#later(random.between(100, 3000), () => {
      wrongTransforms.rate = 0;
    });
  }

  #failSignIn(random: SeededRandom): void {
    const { tokens, trace } = this.#world;
    trace.add("tokens", "nobody can sign in");
    tokens.broken = true;
    this.#later(random.between(100, 3000), () => {
      tokens.broken = false;
    });
  }

  #restart(random: SeededRandom): void {
    void this.#world.stopServer();
    this.#later(random.between(0, 3000), () => this.#world.startServer());
  }

  #failStorage(random: SeededRandom): void {
    const store = this.#world.server?.store;
    this.#world.trace.add("disk", "fails");
    store?.setFaults({ failureRate: random.pick([0.1, 0.5, 1] as const) });
    this.#later(random.between(50, 3000), () => store?.setFaults({ failureRate: 0 }));
  }

  #loseAnswers(random: SeededRandom): void {
    const answers = this.#world.server?.answers;
    if (answers === undefined) return;
    this.#world.trace.add("disk", "loses answers");
    answers.lostAnswers = random.pick([0.2, 1] as const);
    this.#later(random.between(50, 2000), () => {
      answers.lostAnswers = 0;
    });
  }

  #slowStorage(random: SeededRandom): void {
    const store = this.#world.server?.store;
    store?.setFaults({ latency: [50, random.pick([200, 2000, 5000] as const)] });
    this.#later(random.between(500, 3000), () => store?.setFaults({ latency: this.#world.plan.storeLatency }));
  }

  #fillDisk(random: SeededRandom): void {
    const { machine, trace } = this.#world;
    trace.add("disk", "is full");
    machine.full = true;
    this.#later(random.between(100, 5000), () => {
      machine.full = false;
    });
  }

  #later(delay: number, task: () => void): void {
    this.#world.clock.schedule(delay, () => {
      if (!this.#over) task();
    });
  }
}

const isTabFault = (fault: Fault, { strikes }: TabFaults): fault is TabFault => fault in strikes;
