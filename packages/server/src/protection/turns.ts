import { TuttiError } from "@tutti/protocol";
import type { Protection } from "./defaults.js";
import type { QueueBudget } from "./queue-budget.js";

type Rules = Pick<Protection, "documentQueue" | "documentWindow" | "retryAfter">;

/** The right of one operation to be on its way to storage. */
export interface Turn {
  /** undefined: now. Rejects with TuttiError `overloaded` when others were shown the preference. */
  readonly ready: Promise<void> | undefined;
  /** The operation is durable, or refused; a second call changes nothing. */
  end(): void;
}

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
  readonly refuse: (error: TuttiError) => void;
}

/**
 * Whose turn it is in one document (S7). A window of operations may be on their way to storage at once; while it is
 * full, everybody else waits in a line per person, and the lines are served in rotation: one keystroke never stands
 * behind the flood of somebody else. When all lines together are too long, the longest one loses its newest.
 */
export class Turns {
  readonly #rules: Rules;
  readonly #budget: QueueBudget;
  readonly #contended: (user: string) => void;
  /** In the order of rotation: the first line is served next. */
  readonly #lines = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;

  /** @param contended told who should slow down */
  constructor(rules: Rules, budget: QueueBudget, contended: (user: string) => void) {
    this.#rules = rules;
    this.#budget = budget;
    this.#contended = contended;
  }

  /** Operations that run or wait. */
  get depth(): number {
    return this.#running + this.#waiting;
  }

  /**
   * @param bytes size of the operation as it came
   * @throws TuttiError `overloaded`: this operation must come again later
   */
  request(user: string, bytes: number): Turn {
    this.#budget.take(bytes);
    if (this.#waiting === 0 && this.#running < this.#rules.documentWindow) {
      this.#running += 1;
      return { ready: undefined, end: once(() => this.#end(bytes)) };
    }
    try {
      this.#makeRoom(user);
    } catch (error) {
      this.#budget.give(bytes);
      throw error;
    }
    return this.#wait(user, bytes);
  }

  #wait(user: string, bytes: number): Turn {
    let running = false;
    const ready = new Promise<void>((resolve, reject) => {
      const start = (): void => {
        running = true;
        resolve();
      };
      this.#lineOf(user).push({ bytes, start, refuse: reject });
    });
    this.#waiting += 1;
    const end = once(() => {
      if (running) this.#end(bytes);
    });
    return { ready, end };
  }

  #lineOf(user: string): Waiting[] {
    const line = this.#lines.get(user) ?? [];
    this.#lines.set(user, line);
    return line;
  }

  /** Whoever holds more than a fair share is asked to slow down, and gives way when there is no room left. */
  #makeRoom(user: string): void {
    const length = (this.#lines.get(user)?.length ?? 0) + 1;
    if (length * (this.#lines.size + 1) > this.#rules.documentQueue / 2) this.#contended(user);
    if (this.depth < this.#rules.documentQueue) return;
    const [longest, line] = [...this.#lines].reduce((a, b) => (b[1].length > a[1].length ? b : a), ["", []]);
    if (line.length <= length) throw overloaded(this.#rules.retryAfter);
    this.#refuseNewest(longest, line);
  }

  #refuseNewest(user: string, line: Waiting[]): void {
    const newest = line.pop();
    if (newest === undefined) return;
    if (line.length === 0) this.#lines.delete(user);
    this.#waiting -= 1;
    this.#budget.give(newest.bytes);
    newest.refuse(overloaded(this.#rules.retryAfter));
  }

  #end(bytes: number): void {
    this.#running -= 1;
    this.#budget.give(bytes);
    while (this.#waiting > 0 && this.#running < this.#rules.documentWindow) this.#startNext();
  }

  /** Serves the first line and puts it behind all others. */
  #startNext(): void {
    const [first] = this.#lines;
    if (first === undefined) return;
    const [user, line] = first;
    this.#lines.delete(user);
    const next = line.shift();
    if (line.length > 0) this.#lines.set(user, line);
    this.#waiting -= 1;
    this.#running += 1;
    next?.start();
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

const overloaded = (retryAfter: number): TuttiError =>
  new TuttiError("overloaded", "too many operations wait for this document; send it again", retryAfter);
