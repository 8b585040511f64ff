import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What an object in another process looks like from here. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process of its own with one object in it. */
export interface Crew<T> {
  readonly remote: Remote<T>;
  /** Ends the process at once. */
  end(): void;
}

/**
 * Starts a module of this folder as a process that calls `serveCalls`.
 * @param module its built file, beside this one
 */
export function startCrew<T>(module: string): Crew<T> {
  const file = fileURLToPath(new URL(module, import.meta.url));
  const child = fork(file, [], { execArgv: [], serialization: "advanced" });
  const calls = new Calls(child, module);
  const remote = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          calls.call(String(method), args),
    },
  );
  return { remote: remote as Remote<T>, end: () => child.kill("SIGKILL") };
}

/** The calls of one process that have no answer yet. */
class Calls {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #ended: string | undefined;
  #last = 0;

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    child.on("message", (message) => this.#answered(message as Answer));
    child.on("exit", (code, signal) => {
      this.#ended = `${name} ended with ${code ?? signal}`;
      for (const { reject } of this.#open.values()) reject(new Error(this.#ended));
      this.#open.clear();
    });
  }

  call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended));
    this.#last += 1;
    const call: Call = { id: this.#last, method, args };
    return new Promise((resolve, reject) => {
      this.#open.set(call.id, { resolve, reject });
      this.#child.send(call);
    });
  }

  #answered({ id, result, error }: Answer): void {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  }
}

/** Lets the process that started this one call the methods of an object. */
export function serveCalls(object: object): void {
  const methods = object as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  process.on("message", (message) => {
    const { id, method, args } = message as Call;
    const answer = (value: Omit<Answer, "id">): void => {
      process.send?.({ id, ...value });
    };
    Promise.resolve()
      .then(() => methods[method]?.(...args))
      .then(
        (result) => answer({ result }),
        (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
      );
  });
  // Whoever started this process is gone: nobody needs it any more.
  process.on("disconnect", () => process.exit());
}
