import type { Limits } from "@tutti/protocol";
import {
  type Authenticator,
  createServer,
  type Log,
  type ServerEnvironment,
  silentObserver,
  type TuttiServer,
} from "@tutti/server";
import { type MemoryDisk, MemoryStore, type MortalClock, type SeededRandom, type VirtualClock } from "@tutti/testkit";
import type { Machine } from "./machine.js";
import { Tokens } from "./tokens.js";
import type { Trace } from "./trace.js";
import { UncertainStore } from "./uncertain-store.js";

/** Makes a server of its environment: the real one, or one broken on purpose. */
export type ServerFactory = (environment: ServerEnvironment) => TuttiServer;

export interface ServerProcessSettings {
  readonly name: string;
  readonly disk: MemoryDisk;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly trace: Trace;
  /** Left out: a token is the name of a person, and lasts. */
  readonly authenticator?: Authenticator;
  /** What the disk belongs to, where its power can go; left out: what is written is durable. */
  readonly machine?: Machine;
  readonly limits?: Partial<Limits>;
  /** Numbers of crowds and of presence that differ from the defaults. */
  readonly crowd?: ServerEnvironment["crowd"] | undefined;
  readonly presence?: ServerEnvironment["presence"] | undefined;
  readonly vandalism?: ServerEnvironment["vandalism"] | undefined;
  /** Told of versions that somebody who was behind got, and of the changes that they came in. */
  readonly caughtUp?: (versions: number, changes: number) => void;
  /** The real one when left out. */
  readonly factory?: ServerFactory | undefined;
}

/** The real server from its start to its death, on a disk that outlives it. */
export class ServerProcess {
  readonly server: TuttiServer;
  readonly store: MemoryStore;
  readonly answers: UncertainStore;
  readonly #clock: MortalClock;

  constructor(settings: ServerProcessSettings) {
    const { name, disk, clock, random, trace, machine, limits = {}, factory = createServer } = settings;
    this.#clock = clock.mortal();
    this.store = new MemoryStore(disk, { clock: this.#clock, random: random.fork("store") });
    this.answers = new UncertainStore(this.store, random.fork("answers"));
    this.server = factory({
      store: machine?.synced(this.answers, this.#clock) ?? this.answers,
      clock: this.#clock,
      random: random.fork("server"),
      authenticator: settings.authenticator ?? new Tokens(this.#clock, random.fork("tokens"), undefined),
      log: logInto(trace, name),
      limits,
      ...(settings.crowd && { crowd: settings.crowd }),
      ...(settings.presence && { presence: settings.presence }),
      ...(settings.vandalism && { vandalism: settings.vandalism }),
      observer: { ...silentObserver, caughtUp: settings.caughtUp ?? silentObserver.caughtUp },
    });
  }

  /** The process is gone at once. What its store had not written yet is lost, or partly is not. */
  crash(): void {
    this.store.crash();
    this.#clock.kill();
  }
}

function logInto(trace: Trace, name: string): Log {
  const write =
    (level: string) =>
    (message: string, fields: object = {}): void =>
      trace.add(name, level, message, fields);
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
