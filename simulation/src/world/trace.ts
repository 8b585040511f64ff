/** One thing that happened; `details` are put into words only when somebody reads the trace. */
export interface TraceEvent {
  /** Milliseconds since the start. */
  readonly time: number;
  readonly actor: string;
  readonly event: string;
  readonly details: readonly unknown[];
}

/** Everything that happened in a run, in order. */
export class Trace {
  readonly #events: TraceEvent[] = [];
  readonly #now: () => number;
  readonly #listener: ((event: TraceEvent) => void) | undefined;

  /** @param listener told of every event as it happens */
  constructor(now: () => number, listener?: (event: TraceEvent) => void) {
    this.#now = now;
    this.#listener = listener;
  }

  add(actor: string, event: string, ...details: readonly unknown[]): void {
    const entry = { time: this.#now(), actor, event, details };
    this.#events.push(entry);
    this.#listener?.(entry);
  }

  /** The last `count` events, one a line. */
  tail(count: number): readonly string[] {
    return this.#events.slice(-count).map(describe);
  }
}

/** One line. */
export function describe({ time, actor, event, details }: TraceEvent): string {
  const words = details.map((detail) => (typeof detail === "string" ? detail : JSON.stringify(detail)));
  return `${time.toFixed(1).padStart(9)} ${actor.padEnd(8)} ${event} ${words.join(" ")}`.trimEnd();
}
