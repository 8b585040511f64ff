import type { Cancel } from "@tutti/protocol";

/**
 * Listeners of named events. An event raised while another one is being told waits for its turn, so every listener
 * hears all events in the order in which they happened.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();
  readonly #queue: (() => void)[] = [];
  #telling = false;

  /** The returned function removes the listener; calling it again does nothing. */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): Cancel {
    // A wrapper of its own, so that one function can be added twice and each be removed alone.
    const entry = (value: Events[E]): void => listener(value);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(entry));
    return () => {
      listeners.delete(entry);
    };
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    this.#queue.push(() => this.#tell(event, value));
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#telling = false;
  }

  #tell<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as (value: Events[E]) => void)(value);
      } catch (error) {
        // A broken listener must not stop the document; its error surfaces as an uncaught one.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
