import { Latencies } from "../replay/figures.js";
import type { Target } from "./dialects/dialect.js";
import { type DialectName, speak } from "./dialects/names.js";
import { connectEditor, type Editor } from "./editor.js";

/** What a driver process is asked for. */
export interface Task {
  readonly target: Target;
  readonly dialect: DialectName;
  readonly editors: number;
  /** Letters per second of each editor; 0: the next one as soon as the last is acknowledged. */
  readonly rate: number;
  readonly warmUp: number;
  /** Seconds that count. */
  readonly seconds: number;
}

export interface Measured {
  readonly operations: number;
  readonly seconds: number;
  /** Milliseconds from sending to acknowledgement. */
  readonly acknowledged: Percentiles;
  /** Milliseconds from sending to arrival at another editor. */
  readonly delivered: Percentiles;
  /** Share of one core that the driver took. */
  readonly driver: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** Which letters count, and how long they took. */
class Stopwatch {
  readonly acknowledged = new Latencies();
  readonly delivered = new Latencies();
  operations = 0;
  /** Outside the window nothing is counted. */
  counting = false;

  acknowledge(sent: number): void {
    if (!this.counting) return;
    this.operations += 1;
    this.acknowledged.add(performance.now() - sent);
  }

  deliver(sent: number): void {
    if (this.counting) this.delivered.add(performance.now() - sent);
  }
}

/**
 * Types on one document and measures. The window opens and closes by `marker`, so that the caller can read what the
 * server has used at the same moments.
 */
export async function run(task: Task, marker: (open: boolean) => Promise<void>): Promise<Measured> {
  const stopwatch = new Stopwatch();
  const crowd = await Crowd.gather(task, stopwatch);
  crowd.start();
  await pause(task.warmUp * 1_000);
  await marker(true);
  const cpu = process.cpuUsage();
  const started = performance.now();
  stopwatch.counting = true;
  await pause(task.seconds * 1_000);
  stopwatch.counting = false;
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await marker(false);
  crowd.end();
  return {
    operations: stopwatch.operations,
    seconds,
    acknowledged: percentiles(stopwatch.acknowledged),
    delivered: percentiles(stopwatch.delivered),
    driver: (user + system) / 1e6 / seconds,
  };
}

/** The editors of one document. */
class Crowd {
  readonly #rate: number;
  readonly #stopwatch: Stopwatch;
  readonly #editors: Editor[] = [];
  /** When each letter of each editor was sent, by sequence from 1. */
  readonly #sent: number[][] = [];
  readonly #answered: number[] = [];
  #ended = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(rate: number, stopwatch: Stopwatch) {
    this.#rate = rate;
    this.#stopwatch = stopwatch;
  }

  static async gather(task: Task, stopwatch: Stopwatch): Promise<Crowd> {
    const crowd = new Crowd(task.rate, stopwatch);
    // A name of its own, so that the author ids of another run on the same document are not used again.
    const name = `run${Date.now().toString(36)}`;
    for (let number = 0; number < task.editors; number += 1) {
      crowd.#sent.push([0]);
      crowd.#answered.push(0);
      const told = {
        acknowledged: () => crowd.#acknowledged(number),
        delivered: (author: number, sequence: number) => crowd.#delivered(number, author, sequence),
      };
      crowd.#editors.push(await connectEditor(task.target, speak(task.dialect, task.target, name, number), told));
    }
    return crowd;
  }

  start(): void {
    if (this.#rate === 0) {
      for (const number of this.#editors.keys()) this.#type(number);
      return;
    }
    // One after the other, evenly over time: every timer tick sends what is due by then.
    const started = performance.now();
    const perMillisecond = (this.#rate * this.#editors.length) / 1_000;
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - started) * perMillisecond);
      for (; sent < due; sent += 1) this.#type(sent % this.#editors.length);
    }, 1);
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    for (const editor of this.#editors) editor.end();
  }

  #type(number: number): void {
    // At most one letter of an editor is in flight, as with real clients: what comes meanwhile is left out.
    if (this.#ended || this.#busy(number)) return;
    this.#sent[number]?.push(performance.now());
    this.#editors[number]?.type();
  }

  #busy(number: number): boolean {
    return (this.#sent[number]?.length ?? 1) - 1 > (this.#answered[number] ?? 0);
  }

  #acknowledged(number: number): void {
    const sequence = (this.#answered[number] ?? 0) + 1;
    this.#answered[number] = sequence;
    this.#stopwatch.acknowledge(this.#sent[number]?.[sequence] ?? 0);
    if (this.#rate === 0) this.#type(number);
  }

  /** Counted at one other editor, the next one: all others get the same at the same time. */
  #delivered(receiver: number, author: number, sequence: number): void {
    if (receiver !== (author + 1) % this.#editors.length) return;
    const sent = this.#sent[author]?.[sequence];
    if (sent !== undefined) this.#stopwatch.deliver(sent);
  }
}

function percentiles(latencies: Latencies): Percentiles {
  return { p50: latencies.percentile(0.5) ?? Number.NaN, p99: latencies.percentile(0.99) ?? Number.NaN };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
