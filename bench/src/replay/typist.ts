import type { DocumentHandle } from "@tutti/client";
import type { CodePointText } from "./code-point-text.js";
import type { Latencies } from "./figures.js";
import type { Patch } from "./trace.js";

/** Transactions that may be typed ahead of the server, so that a long outage does not pile up minutes of typing. */
const AHEAD = 2_000;

/** One client's hands: types patches, and measures how long it takes until they are durable. */
export class Typist {
  readonly document: DocumentHandle;
  readonly #latencies: Latencies;
  readonly #now: () => number;
  #edits = 0;
  #sampling = false;
  #unsaved = 0;
  #failure: unknown;

  constructor(document: DocumentHandle, latencies: Latencies, now: () => number) {
    this.document = document;
    this.#latencies = latencies;
    this.#now = now;
  }

  /** Calls to insert and delete so far. */
  get edits(): number {
    return this.#edits;
  }

  /** Types one transaction at once. @throws what made saving impossible */
  type(patches: readonly Patch[], text: CodePointText): void {
    if (this.#failure !== undefined) throw this.#failure;
    for (const [position, deleted, inserted] of patches) {
      const patch = text.apply(position, deleted, inserted);
      if (patch.deleted > 0) this.#edit(() => this.document.delete(patch.index, patch.deleted));
      if (inserted !== "") this.#edit(() => this.document.insert(patch.index, inserted));
    }
    this.#unsaved += 1;
    if (!this.#sampling) this.#sample();
  }

  /** Waits for the server where this client is far ahead of it. */
  async keepClose(): Promise<void> {
    if (this.#unsaved < AHEAD) return;
    await this.document.saved();
    this.#unsaved = 0;
  }

  #edit(act: () => void): void {
    act();
    this.#edits += 1;
  }

  /** One sample at a time: from an edit until it, and all before it, is durable. */
  #sample(): void {
    const started = this.#now();
    this.#sampling = true;
    this.document.saved().then(
      () => {
        this.#latencies.add(this.#now() - started);
        this.#sampling = false;
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }
}
