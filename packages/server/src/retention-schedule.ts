import type { Cancel, Clock } from "@tutti/protocol";
import { errorFields, type Log } from "./log.js";
import { type RetentionSettings, runRetention } from "./retention/retention-job.js";

/** The first run comes soon, so that a server that is restarted each day looks after its documents all the same. */
const FIRST_RUN = 600_000;

export interface RetentionScheduleSettings {
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds from the end of one run to the next; 0: never. */
  readonly every: number;
  readonly retention: RetentionSettings;
}

/** Runs retention (H3, H4) again and again while the server works. */
export class RetentionSchedule {
  readonly #settings: RetentionScheduleSettings;
  readonly #stop = new AbortController();
  #next: Cancel | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: RetentionScheduleSettings) {
    this.#settings = settings;
    if (settings.every > 0) this.#plan(Math.min(FIRST_RUN, settings.every));
  }

  /** Stops between two steps; the next run goes on there. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#next?.();
    await this.#running;
  }

  #plan(delay: number): void {
    this.#next = this.#settings.clock.schedule(delay, () => {
      this.#running = this.#run();
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { log, every, retention } = this.#settings;
    try {
      const onError: RetentionSettings["onError"] = ({ id }, error) =>
        log.warn("retention could not look after a document", { document: id, ...errorFields(error) });
      const { documents, actions, errors } = await runRetention({ ...retention, signal: this.#stop.signal, onError });
      log.info("retention is done", { documents, actions, errors });
    } catch (error) {
      log.warn("retention was given up; the next run goes on", errorFields(error));
    }
    if (!this.#stop.signal.aborted) this.#plan(every);
  }
}
