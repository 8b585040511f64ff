import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import { createServer, silentObserver, type TuttiServer } from "@tutti/server";
import {
  MemoryDisk,
  MemoryStore,
  type MortalClock,
  SeededRandom,
  SimulatedNetwork,
  TestAuthenticator,
  VirtualClock,
} from "@tutti/testkit";
import { describe, expect, it } from "vitest";

// Loading takes real time, and nothing here may.
await preload();

const CLIENTS = 400;
const DOCUMENTS = 80;
/** A server that lets in a tenth of what the real one does, for a tenth of the clients of the issue. */
const PROTECTION = { admissionsPerSecond: 30, admissionsBurst: 10, admissionsAtOnce: 10, admissionWait: 4000 };

/** Hundreds of real clients and one real server, in virtual time. */
class Herd {
  readonly clock = new VirtualClock();
  readonly #random: SeededRandom;
  readonly #network: SimulatedNetwork;
  readonly #disk = new MemoryDisk();
  readonly handles: DocumentHandle[] = [];
  /** When each client tried to connect. */
  readonly attempts: number[][] = [];
  /** When each client had its document again. */
  readonly back: (number | undefined)[] = [];
  /** When somebody was let in. */
  readonly admissions: number[] = [];
  loads = 0;
  #alive: MortalClock | undefined;
  #store: MemoryStore | undefined;
  server: TuttiServer | undefined;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#network = new SimulatedNetwork(this.clock, this.#random.fork("network"));
  }

  start(): void {
    const clock = this.clock.mortal();
    const store = new MemoryStore(this.#disk, { clock, random: this.#random.fork("store") });
    store.setFaults({ latency: [1, 5] });
    const server = createServer({
      store,
      clock,
      random: this.#random.fork("server"),
      authenticator: new TestAuthenticator(clock),
      log: { info() {}, warn() {}, error() {} },
      observer: {
        ...silentObserver,
        admitted: () => this.admissions.push(this.clock.now()),
        loaded: () => {
          this.loads += 1;
        },
      },
      protection: PROTECTION,
    });
    [this.#alive, this.#store, this.server] = [clock, store, server];
    this.#network.listen((connection, subprotocol) => server.accept(connection, subprotocol));
  }

  kill(): void {
    this.#network.killServer();
    this.#store?.crash();
    this.#alive?.kill();
  }

  async stop(): Promise<void> {
    await this.server?.drain({ window: 60_000 });
    this.kill();
  }

  async gather(): Promise<void> {
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const record = { title: "T", kind: "plain", identicalInserts: "merge", createdBy: "ann" } as const;
      await this.#done(this.#store?.createDocument({ ...record, id: `d${index}`, createdAt: 1, updatedAt: 1 }));
    }
    for (let index = 0; index < CLIENTS; index += 1) {
      this.#join(index);
      await this.clock.advance(50);
    }
    await this.clock.advance(10_000);
    expect(this.handles.every(({ status }) => status === "Saved")).toBe(true);
  }

  /** From now on. */
  watch(): void {
    for (const tries of this.attempts) tries.length = 0;
    this.back.fill(undefined);
    this.admissions.length = 0;
    this.loads = 0;
  }

  #join(index: number): void {
    const host = this.#network.host(`client ${index}`, { up: { from: 5, to: 40 }, down: { from: 5, to: 40 } });
    const tries: number[] = [];
    const { clock } = this;
    const client = new TuttiClient({
      url: "http://127.0.0.1:4400",
      token: `person ${index}`,
      environment: {
        clock,
        random: this.#random.fork(`client ${index}`),
        online: () => () => undefined,
        transport: {
          connect: (events) => {
            tries.push(clock.now());
            return host.connect(events);
          },
        },
      },
    });
    const handle = client.open(`d${index % DOCUMENTS}`);
    handle.on("status", (status) => {
      if (status === "Working offline") this.back[index] = undefined;
      else if (status === "Saved") this.back[index] ??= clock.now();
    });
    this.attempts.push(tries);
    this.handles.push(handle);
    this.back.push(undefined);
  }

  async #done<T>(promise: Promise<T> | undefined): Promise<void> {
    let settled = false;
    void promise?.finally(() => {
      settled = true;
    });
    await this.clock.runUntil(() => settled, 10_000);
  }
}

const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;

/** Everybody types a letter, the server goes away, and comes back two seconds later. */
async function restarted(seed: number, how: "kill" | "stop") {
  const herd = new Herd(seed);
  herd.start();
  await herd.gather();
  herd.watch();
  for (const [index, handle] of herd.handles.entries()) handle.insert(0, "abcde"[Math.floor(index / DOCUMENTS)] ?? "");
  await (how === "kill" ? Promise.resolve(herd.kill()) : herd.stop());
  await herd.clock.advance(2000);
  herd.start();
  const ready = herd.clock.now();
  const everybody = (): boolean => herd.back.every((time) => time !== undefined && time >= ready);
  expect(await herd.clock.runUntil(everybody, 30_000)).toBe(true);
  const after = herd.attempts.map((tries) => tries.filter((time) => time >= ready).length);
  await herd.clock.advance(2000);
  return { herd, ready, after, all: herd.attempts.map(({ length }) => length) };
}

describe.each(["kill", "stop"] as const)("S9, S10: a herd after a restart (%s)", (how) => {
  it("is back within 30 s, with fewer than three attempts each, and nothing is lost", async () => {
    for (const seed of [1, 2]) {
      const { herd, after, all } = await restarted(seed, how);
      expect(mean(after)).toBeLessThan(2);
      expect(mean(all)).toBeLessThan(3);
      expect(Math.max(...after)).toBeLessThanOrEqual(3);
      const letters = herd.handles.map((handle) => [...handle.text()].sort().join(""));
      expect(new Set(letters)).toEqual(new Set(["abcde"]));
      expect(herd.handles.every(({ status }) => status === "Saved")).toBe(true);
    }
  });

  it("never comes in faster than the server bears, and every document is read once", async () => {
    const { herd } = await restarted(3, how);
    for (const time of herd.admissions) {
      const within = herd.admissions.filter((other) => other >= time && other < time + 1000).length;
      expect(within).toBeLessThanOrEqual(PROTECTION.admissionsPerSecond + PROTECTION.admissionsBurst);
    }
    expect(herd.loads).toBe(DOCUMENTS);
    expect(herd.server?.guard.admission.waiting).toBe(0);
  });
});
