import type { Cancel, Clock } from "@tutti/protocol";
import { errorFields, type Log } from "../log.js";
import type { PresenceObserver } from "../metrics/presence-observer.js";
import type { PresenceRules } from "./defaults.js";

export interface SupervisorEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: PresenceObserver;
  readonly rules: Pick<PresenceRules, "restart" | "longestRestart">;
}

/** A service that may fail, and what is to be done then. */
export interface Supervised<Service> {
  /** Makes a new one. @param clock its tasks are supervised too; none of them runs when the service has failed */
  start(clock: Clock): Service;
  /** A new one runs, after a failure. */
  restarted(service: Service): void;
  failed(): void;
}

/**
 * Keeps a service alive that must not harm anybody: whatever is thrown inside of it ends it, and is thrown nowhere else;
 * after a while another one takes its place (P1).
 */
export class Supervisor<Service> {
  readonly #env: SupervisorEnvironment;
  readonly #supervised: Supervised<Service>;
  #service: Service | undefined;
  /** How many services there were. */
  #lives = 0;
  #started = 0;
  #pause: number;
  #restart: Cancel | undefined;

  constructor(env: SupervisorEnvironment, supervised: Supervised<Service>) {
    this.#env = env;
    this.#supervised = supervised;
    this.#pause = env.rules.restart;
    this.#start();
  }

  /** Which one of its services runs, counted from 1; 0: none. */
  get life(): number {
    return this.#service === undefined ? 0 : this.#lives;
  }

  /** Never throws. @returns what the task returns; undefined when there is no service, or it failed */
  run<T>(task: (service: Service) => T): T | undefined {
    if (this.#service === undefined) return undefined;
    try {
      return task(this.#service);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** Ends the service, as if this had been thrown inside of it. */
  fail(error: unknown): void {
    if (this.#service !== undefined) this.#end(error);
  }

  /** Ends the service for good. */
  stop(): void {
    this.#restart?.();
    this.#service = undefined;
  }

  #end(error: unknown): void {
    const { clock, log, observer, rules } = this.#env;
    this.#service = undefined;
    if (clock.now() - this.#started >= rules.longestRestart) this.#pause = rules.restart;
    log.error("presence failed; edits go on without it", { ...errorFields(error), restartIn: this.#pause });
    observer.up(false);
    this.#restart = clock.schedule(this.#pause, () => this.#startAgain());
    this.#pause = Math.min(2 * this.#pause, rules.longestRestart);
    this.#supervised.failed();
  }

  #startAgain(): void {
    try {
      this.#start();
    } catch (error) {
      this.#end(error);
      return;
    }
    this.#env.observer.restarted();
    this.#env.log.info("presence is back");
    this.run((service) => this.#supervised.restarted(service));
  }

  #start(): void {
    this.#lives += 1;
    this.#started = this.#env.clock.now();
    this.#service = this.#supervised.start(this.#clockOf(this.#lives));
    this.#env.observer.up(true);
  }

  /** A clock for one life: what it schedules is supervised, and ends with it. */
  #clockOf(life: number): Clock {
    const { clock } = this.#env;
    return {
      now: () => clock.now(),
      schedule: (delay, task) =>
        clock.schedule(delay, () => {
          if (this.life === life) this.run(task);
        }),
    };
  }
}
