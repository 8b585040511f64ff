import type { Store } from "@tutti/server";

/** What a store did under load. Times are milliseconds. */
export interface Figures {
  readonly appendsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly commitsPerSecond: number;
  /** Processor time of this process, all threads, for one append. */
  readonly processor: number;
}

/** A store that counts its commits, as all of ours do. */
export type Measured = Store & { stats(): { readonly commits: number } };

/** The size of a keystroke does not depend on where it is. */
const KEYSTROKE = [{ retain: 1000 }, { insert: "a" }];

/**
 * Documents that append one operation after the other, each as soon as the one before is durable.
 * @param seconds of measuring; as much again, at most 2, to warm up
 */
export async function measure(store: Measured, documents: number, seconds: number): Promise<Figures> {
  const run = `run-${process.hrtime.bigint()}`;
  const writers = await Promise.all(Array.from({ length: documents }, (_, n) => Writer.open(store, `${run}-${n}`)));
  await typeFor(writers, Math.min(seconds, 2));
  const [commits, processor, start] = [store.stats().commits, process.cpuUsage(), performance.now()];
  const latencies = (await typeFor(writers, seconds)).sort((a, b) => a - b);
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  return {
    appendsPerSecond: latencies.length / elapsed,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    commitsPerSecond: (store.stats().commits - commits) / elapsed,
    processor: (user + system) / 1000 / latencies.length,
  };
}

class Writer {
  readonly #store: Store;
  readonly #document: string;
  readonly #epoch: number;
  #version = 0;

  private constructor(store: Store, document: string, epoch: number) {
    this.#store = store;
    this.#document = document;
    this.#epoch = epoch;
  }

  static async open(store: Store, id: string): Promise<Writer> {
    const origin = { createdBy: "ada", createdAt: 1, updatedAt: 1 };
    await store.createDocument({ id, title: "Notes", kind: "plain", identicalInserts: "keep", ...origin });
    return new Writer(store, id, await store.claim(id));
  }

  /** Appends until the time is over; the latencies. */
  async type(until: number): Promise<readonly number[]> {
    const latencies: number[] = [];
    for (let now = performance.now(); now < until; ) {
      await this.#append();
      const then = now;
      now = performance.now();
      latencies.push(now - then);
    }
    return latencies;
  }

  async #append(): Promise<void> {
    this.#version += 1;
    const [version, sequence] = [this.#version, this.#version];
    const who = { client: "b3f1c2d4e5a69788", user: "ada", time: 1_700_000_000_000 + version };
    const operation = { version, sequence, ...who, operation: KEYSTROKE, checksum: 2 ** 40 + version };
    const append = { document: this.#document, epoch: this.#epoch, operations: [operation] };
    const [outcome] = await this.#store.append([append]);
    if (outcome !== "stored") throw new Error(`${this.#document}: ${outcome}`);
  }
}

async function typeFor(writers: readonly Writer[], seconds: number): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  return (await Promise.all(writers.map((writer) => writer.type(until)))).flat();
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
