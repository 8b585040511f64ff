import type { DownMessage, UpMessage } from "@tutti/protocol";
import {
  type DeviceEvent,
  type Latency,
  type MemoryDisk,
  type SeededRandom,
  SimulatedDevice,
  SimulatedNetwork,
  type StoredJournal,
  VirtualClock,
} from "@tutti/testkit";
import { type ClientFactory, realClient } from "./client-factory.js";
import { CrowdLife } from "./crowd-life.js";
import type { Device } from "./device.js";
import { DurableVersions } from "./durable-versions.js";
import { Ledger } from "./ledger.js";
import { Machine } from "./machine.js";
import { Person } from "./person.js";
import { PlaceWatch } from "./place-watch.js";
import type { Plan } from "./plan.js";
import { type ServerFactory, ServerProcess } from "./server-process.js";
import { type Step, Steps } from "./steps.js";
import { Tokens } from "./tokens.js";
import { Trace, type TraceEvent } from "./trace.js";
import { VANDALISM, Vandals } from "./vandals.js";
import type { Violation } from "./violation.js";
import { WrongTransforms } from "./wrong-transforms.js";

export interface WorldSettings {
  readonly plan: Plan;
  readonly random: SeededRandom;
  readonly factory?: ServerFactory | undefined;
  readonly client?: ClientFactory | undefined;
  /** Told of every event as it happens. */
  readonly listener?: ((event: TraceEvent) => void) | undefined;
}

/** A server, its disk, the network and the people: all of a run, in one process under one seed. */
export class World {
  readonly plan: Plan;
  readonly random: SeededRandom;
  readonly clock = new VirtualClock();
  readonly machine: Machine;
  readonly versions: DurableVersions;
  readonly network: SimulatedNetwork;
  readonly ledger = new Ledger();
  readonly trace: Trace;
  readonly violations: Violation[] = [];
  readonly people: Person[] = [];
  readonly devices: Device[] = [];
  readonly steps = new Steps();
  readonly tokens: Tokens;
  readonly wrongTransforms: WrongTransforms;
  readonly crowd = new CrowdLife(this);
  readonly vandals = new Vandals(this);
  /** Operations that came to somebody as part of another one: in composed pieces. */
  composed = 0;
  readonly #factory: ServerFactory | undefined;
  readonly #client: ClientFactory;
  #server: ServerProcess | undefined;
  #starts = 0;
  #keptUp = false;
  /** Who has written into each journal. */
  readonly #writers = new Map<StoredJournal, Set<string>>();

  constructor({ plan, random, factory, client = realClient, listener }: WorldSettings) {
    this.plan = plan;
    this.random = random;
    this.#factory = factory;
    this.#client = client;
    this.wrongTransforms = new WrongTransforms(plan.faults["wrong transforms"] > 0);
    this.tokens = new Tokens(this.clock, random.fork("tokens"), plan.tokenLife);
    const start = this.clock.now();
    this.trace = new Trace(() => this.clock.now() - start, listener);
    this.machine = new Machine({ ...plan, lies: plan.lyingDisk, random: random.fork("machine") });
    this.versions = new DurableVersions(this.machine.durable);
    this.network = new SimulatedNetwork(this.clock, random.fork("network"));
    for (const planned of plan.documents) {
      const now = this.clock.now();
      this.machine.disk.createDocument({
        ...planned,
        title: planned.id,
        createdBy: "ann",
        createdAt: now,
        updatedAt: now,
      });
    }
    this.machine.syncNow();
    this.clock.watch(() => {
      for (const person of this.people) person.look();
    });
  }

  /** What no loss of power can take away. */
  get disk(): MemoryDisk {
    return this.machine.durable;
  }

  /** The server that runs now; undefined while it is down. */
  get server(): ServerProcess | undefined {
    return this.#server;
  }

  startServer(): void {
    if (this.#server !== undefined) return;
    this.#starts += 1;
    const name = `server${this.#starts}`;
    const { clock, machine, trace } = this;
    const started = new ServerProcess({
      name,
      clock,
      disk: machine.disk,
      machine,
      trace,
      authenticator: this.tokens,
      random: this.random.fork(name),
      factory: this.#factory,
      limits: { unsentBytes: this.plan.unsentBytes },
      crowd: this.plan.crowd?.rules,
      presence: this.plan.presence,
      vandalism: this.plan.vandals > 0 ? VANDALISM : undefined,
      caughtUp: (versions, changes) => {
        this.composed += versions - changes;
      },
    });
    started.store.setFaults({ latency: this.plan.storeLatency });
    this.#watchPlaces(started);
    this.network.listen((connection, subprotocol) => started.server.accept(connection, subprotocol));
    this.#server = started;
    trace.add(name, "starts");
  }

  #watchPlaces({ server }: ServerProcess): void {
    const most = this.plan.crowd?.rules.mostEditors ?? Number.POSITIVE_INFINITY;
    new PlaceWatch(server, this.clock, most, (message) => {
      this.violations.push({ promise: "places", message });
      this.trace.add("server", "VIOLATION", message);
    });
  }

  /** The process dies without a word. */
  crashServer(): void {
    if (this.#server === undefined) return;
    this.trace.add(`server${this.#starts}`, "crashes");
    this.#server.crash();
    this.network.killServer();
    this.#server = undefined;
  }

  /** The machine of the server goes off, and with it what was not synced. */
  losePower(random: SeededRandom): void {
    this.crashServer();
    this.trace.add("machine", "loses its power");
    this.machine.losePower(random);
    this.versions.forget();
  }

  /** The server stops as it should, and is gone when it is done. */
  async stopServer(): Promise<void> {
    const stopping = this.#server;
    if (stopping === undefined) return;
    this.trace.add(`server${this.#starts}`, "stops");
    this.network.listen(undefined);
    await stopping.server.stop();
    if (this.#server === stopping) this.crashServer();
    if (this.#keptUp) this.startServer();
  }

  /** From now on there is a server: at once, or when the one that is stopping has stopped. */
  keepServerUp(): void {
    this.#keptUp = true;
    this.startServer();
  }

  /** Somebody opens all documents, on a device that is there or on a new one. */
  join(name: string, device: Device = this.#newDevice(name)): Person {
    const { clock, versions, ledger, trace, violations, wrongTransforms, plan } = this;
    const random = this.random.fork(name);
    const host = this.network.host(name, { up: share(plan.latency, random), down: share(plan.latency, random) });
    if (plan.json && random.chance(0.5)) host.speak("tutti.v1+json");
    const listener = (when: "sending" | "sent" | "arrives", message: UpMessage | DownMessage): void => {
      const step = stepOf(when, message);
      if (step !== undefined) this.steps.taken(person, step);
    };
    const engine = this.wrongTransforms.engine(random.fork("engine"));
    const token = this.tokens.sourceFor(device.name);
    const crowded = plan.crowd !== undefined;
    const mine = { host, device, token, engine, factory: this.#client, random, listener, crowded };
    const person = new Person({ name, ...mine, clock, versions, ledger, trace, violations, wrongTransforms });
    this.people.push(person);
    device.tabs.push(name);
    for (const { id } of plan.documents) person.open(id);
    return person;
  }

  /** How many journals of a device no tab goes on with: what is in them has to be brought home first. */
  leftBehind({ storage }: Device): number {
    // What could not be deleted waits for a person to decide.
    if (storage?.haunted === true) return 0;
    const goesOn = ({ document, client, holder }: StoredJournal): boolean =>
      this.people.some(
        ({ tab, witness }) => tab === holder && tab?.alive === true && witness.about(document).client === client,
      );
    return (storage?.journals ?? []).filter((journal) => !goesOn(journal)).length;
  }

  #newDevice(name: string): Device {
    const storage = this.#newStorage(name);
    const device = { name, storage, tabs: [] };
    this.devices.push(device);
    return device;
  }

  #newStorage(name: string): SimulatedDevice | undefined {
    if (this.plan.offline === undefined) return undefined;
    const random = this.random.fork(`device of ${name}`);
    const { latency, tears, locks } = this.plan.offline;
    const [from, to] = latency;
    const storage = new SimulatedDevice(this.clock, random, { latency: { from, to }, tears, locks });
    storage.watch((event) => this.#stored(name, event));
    return storage;
  }

  #writersOf(journal: StoredJournal): Set<string> {
    const writers = this.#writers.get(journal) ?? new Set();
    this.#writers.set(journal, writers);
    return writers;
  }

  #stored(device: string, { tab, step, journal, bytes }: DeviceEvent): void {
    this.trace.add(device, step, journal.document, journal.client);
    const writing = this.people.find((person) => person.tab === tab);
    if (bytes.length > 0 && writing !== undefined) this.#writersOf(journal).add(writing.name);
    for (const record of bytes) this.ledger.stored(record);
    // What is given up because it could not be kept complete is kept by nothing but its tab.
    if (step === "deletion durable" && journal.failed) {
      for (const name of this.#writersOf(journal)) this.ledger.released(name, journal.document);
    }
    if (writing !== undefined) this.steps.taken(writing, step);
  }
}

function stepOf(when: "sending" | "sent" | "arrives", { type }: UpMessage | DownMessage): Step | undefined {
  if (type === "submit") return when === "sending" ? "an edit is about to be sent" : "an edit was sent";
  if (type === "committed" || type === "acknowledged") return "an answer arrives";
  return type === "opened" ? "the content arrives" : undefined;
}

/** Somebody's own part of the latency, often the same for all frames, sometimes with jitter. */
function share(latency: number, random: SeededRandom): Latency {
  const to = random.between(0, latency);
  return { from: random.chance(0.5) ? to : random.between(0, to), to };
}
