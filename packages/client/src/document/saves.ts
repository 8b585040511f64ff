import { type ErrorData, TuttiError } from "@tutti/protocol";

interface Waiting {
  /** Edits that must be durable. */
  readonly edits: number;
  resolve(): void;
  reject(error: TuttiError): void;
}

/** Those who wait until their edits are durable. */
export class Saves {
  #waiting: Waiting[] = [];

  /** Resolves when the first `edits` edits are durable. */
  wait(edits: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ edits, resolve, reject });
    });
  }

  /** The first `edits` edits are durable. */
  reached(edits: number): void {
    const done = this.#waiting.filter((entry) => entry.edits <= edits);
    if (done.length === 0) return;
    this.#waiting = this.#waiting.filter((entry) => entry.edits > edits);
    for (const entry of done) entry.resolve();
  }

  rejectAll(error: ErrorData): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) entry.reject(TuttiError.fromData(error));
  }
}
