import type { DocumentHandle } from "@tutti/client";

/**
 * Kills of the server, spread evenly over a recording. People type on while it is down; but the next kill waits until
 * everybody is connected again, so that each one counts for everybody.
 */
export class Kills {
  /** Rejects when the server does not start again; else it stays pending. */
  readonly failure: Promise<never>;
  #failed: (error: unknown) => void = () => undefined;
  readonly #ahead: number[];
  readonly #documents: readonly DocumentHandle[];
  readonly #killAndRestart: () => Promise<void>;
  #underWay: Promise<void> = Promise.resolve();
  #done = 0;

  /** @param transactions of the whole recording */
  constructor(
    count: number,
    transactions: number,
    documents: readonly DocumentHandle[],
    killAndRestart: () => Promise<void>,
  ) {
    this.#ahead = Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * transactions) / (count + 1)));
    this.#documents = documents;
    this.#killAndRestart = killAndRestart;
    this.failure = new Promise((_resolve, reject) => {
      this.#failed = reject;
    });
  }

  /** Kills after which everybody was connected again. */
  get done(): number {
    return this.#done;
  }

  /** Whether it is time for the next kill when so many transactions were typed. */
  due(transactions: number): boolean {
    const [next] = this.#ahead;
    return next !== undefined && next <= transactions;
  }

  /** Kills the server. Resolves as soon as typing may go on, which is before there is a server again. */
  async next(): Promise<void> {
    this.#ahead.shift();
    await this.#underWay;
    this.#underWay = this.#kill();
    this.#underWay.catch(this.#failed);
  }

  /** Everybody is connected again after the last kill. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  async #kill(): Promise<void> {
    const everybodyBack = Promise.all(this.#documents.map(cutOffAndBack));
    await this.#killAndRestart();
    await everybodyBack;
    this.#done += 1;
  }
}

/** Resolves when the document has lost its connection and has one again. */
function cutOffAndBack(document: DocumentHandle): Promise<void> {
  return new Promise((resolve) => {
    let cutOff = false;
    const stop = document.on("status", (status) => {
      if (status === "Working offline") cutOff = true;
      else if (cutOff) {
        stop();
        resolve();
      }
    });
  });
}
