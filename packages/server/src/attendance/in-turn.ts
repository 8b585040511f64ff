/** Runs tasks of one name one after the other, so that what they store and what they say come in the same order. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns what the task returns; it rejects as the task does, and the next one runs all the same */
  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const result = before.then(task);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    const done = settled.then(() => {
      if (this.#last.get(name) === done) this.#last.delete(name);
    });
    this.#last.set(name, done);
    return result;
  }
}
