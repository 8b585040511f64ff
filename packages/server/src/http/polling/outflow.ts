import { type Cancel, type Clock, TuttiError } from "@tutti/protocol";

/** What a poll brings. */
export interface Delivery {
  /** The number of the first of the messages. */
  readonly from: number;
  readonly frames: readonly string[];
  /** Nothing comes after these. */
  readonly closed?: { readonly code: number; readonly reason: string };
}

interface HeldPoll {
  readonly answer: (delivery: Delivery) => void;
  readonly cancel: Cancel;
}

/** Bytes of one answer, in units of text; a message alone may be larger. */
const ANSWER = 500_000;

/**
 * Messages for a client, numbered from 1, kept until the client says that they have arrived: the answer that carried them
 * may have been lost. Of the polls that wait for some, only the newest counts.
 */
export class Outflow {
  readonly #clock: Clock;
  #frames: string[] = [];
  /** The number of the newest message that has arrived. */
  #confirmed = 0;
  #bytes = 0;
  #end: Delivery["closed"];
  #held: HeldPoll | undefined;
  #flushing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes of the messages that have not arrived, as far as is known. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a poll waits. */
  get polled(): boolean {
    return this.#held !== undefined;
  }

  push(frame: string): void {
    if (this.#end !== undefined) return;
    this.#frames.push(frame);
    this.#bytes += Buffer.byteLength(frame);
    this.#flush();
  }

  /** Nothing comes after what is there. */
  end(code: number, reason: string): void {
    this.#end ??= { code, reason };
    this.#flush();
  }

  /**
   * What has not arrived yet; waits for some at most `wait` milliseconds.
   * @param received the newest message that has arrived
   * @throws TuttiError `invalid_request` when it was never sent
   */
  poll(received: number, wait: number): Promise<Delivery> {
    this.#confirm(received);
    this.letGo();
    if (this.#hasNews || wait === 0) return Promise.resolve(this.#delivery());
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(wait, () => this.letGo());
      this.#held = { answer: resolve, cancel };
    });
  }

  /** Answers the poll that waits, whatever there is. */
  letGo(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.cancel();
    held?.answer(this.#delivery());
  }

  get #hasNews(): boolean {
    return this.#frames.length > 0 || this.#end !== undefined;
  }

  /** All that is sent in one turn goes together. */
  #flush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.letGo();
    });
  }

  #confirm(received: number): void {
    if (received > this.#confirmed + this.#frames.length) {
      throw new TuttiError("invalid_request", `received: message ${received} was never sent`);
    }
    // A late repetition of an older request confirms less than is known.
    const arrived = this.#frames.splice(0, Math.max(0, received - this.#confirmed));
    for (const frame of arrived) this.#bytes -= Buffer.byteLength(frame);
    this.#confirmed += arrived.length;
  }

  #delivery(): Delivery {
    const frames = firstOf(this.#frames);
    const all = frames.length === this.#frames.length;
    const closed = all && this.#end !== undefined ? { closed: this.#end } : undefined;
    return { from: this.#confirmed + 1, frames, ...closed };
  }
}

/** As many as fit into one answer, at least one. */
function firstOf(frames: readonly string[]): readonly string[] {
  let units = 0;
  const end = frames.findIndex((frame, index) => {
    units += frame.length;
    return index > 0 && units > ANSWER;
  });
  return end < 0 ? [...frames] : frames.slice(0, end);
}
