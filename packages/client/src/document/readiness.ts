import type { TuttiError } from "@tutti/protocol";

/** The promise of a document's content; a new one where there is hope again after the one before was broken. */
export class Readiness {
  #current = deferred();

  get promise(): Promise<void> {
    return this.#current.promise;
  }

  kept(): void {
    this.#current.resolve();
  }

  broken(error: TuttiError): void {
    this.#current.reject(error);
  }

  /** What was broken may be kept after all. */
  renew(): void {
    this.#current = deferred();
  }
}

function deferred() {
  let resolve: () => void = () => undefined;
  let reject: (error: TuttiError) => void = () => undefined;
  const promise = new Promise<void>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  // The `error` event tells it too: a program that does not wait for `ready` must not die of it.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
