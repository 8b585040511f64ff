import type { Cancel } from "@tutti/protocol";

interface Entry {
  readonly time: number;
  readonly order: number;
  task: (() => void) | undefined;
}

/** A binary heap of tasks: earliest first, of equal times the one added first. */
export class TaskQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Time of the next task; undefined when there is none. */
  get nextTime(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.time;
  }

  add(time: number, task: () => void): Cancel {
    const entry: Entry = { time, order: this.#order, task };
    this.#order += 1;
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return () => {
      entry.task = undefined;
    };
  }

  /** Removes the next task and hands it out; undefined when there is none. */
  take(): (() => void) | undefined {
    this.#dropCancelled();
    return this.#removeFirst()?.task;
  }

  #dropCancelled(): void {
    for (let first = this.#heap[0]; first !== undefined && first.task === undefined; first = this.#heap[0]) {
      this.#removeFirst();
    }
  }

  #removeFirst(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return first;
  }

  #up(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #down(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#earlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #earlier(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    return first.time < second.time || (first.time === second.time && first.order < second.order);
  }

  #swapIfEarlier(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined || !this.#earlier(a, b)) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}
