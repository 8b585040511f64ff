import { Worker } from "node:worker_threads";
import {
  type Arguments,
  type Call,
  type Method,
  OPENED,
  type Reply,
  type Result,
  type WorkerSettings,
} from "./sqlite-calls.js";
import { StoreError } from "./store.js";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** The main thread's end of one worker: calls go out at once, replies find their promise by id. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #over = false;
  #lastId = OPENED;

  private constructor(url: URL, settings: WorkerSettings, onEnd: () => void) {
    // Loader flags of the main thread (of a test runner, say) are not for this one.
    this.#worker = new Worker(url, { workerData: settings, execArgv: [] });
    this.#worker.on("message", (reply: Reply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#fail(`the storage thread failed: ${String(error)}`));
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        this.#over = true;
        onEnd();
        this.#fail("the storage thread has ended");
        resolve();
      });
    });
  }

  /**
   * Starts a thread and opens the database in it.
   * @param onEnd called once when the thread has ended, for whatever reason, before what it left open is rejected
   * @throws StoreError `unavailable`, `damaged`, `unsupported_version`
   */
  static async start(url: URL, settings: WorkerSettings, onEnd: () => void): Promise<SqliteThread> {
    const thread = new SqliteThread(url, settings, onEnd);
    await thread.#reply(OPENED);
    return thread;
  }

  /** @throws StoreError; `unavailable` when the thread ended before it could answer: the call may have been done */
  async call<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    if (this.#over) throw new StoreError("unavailable", "the storage thread has ended");
    this.#lastId += 1;
    const call: Call = { id: this.#lastId, method, args };
    // Before the promise is kept: it throws for what can't be cloned.
    this.#worker.postMessage(call);
    return (await this.#reply(call.id)) as Result<M>;
  }

  /** Does all calls made so far, closes the database and ends the thread. */
  async close(): Promise<void> {
    await this.call("close", []);
    await this.#ended;
  }

  #reply(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new StoreError(reply.error.code, reply.error.message));
    else waiting?.resolve(reply.result);
  }

  #fail(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new StoreError("unavailable", reason));
    this.#waiting.clear();
  }
}

/** A thread that is replaced, at the next call, when it has ended by itself. */
export class LastingThread {
  readonly #url: URL;
  readonly #settings: WorkerSettings;
  #current: Promise<SqliteThread> | undefined;

  constructor(url: URL, settings: WorkerSettings) {
    this.#url = url;
    this.#settings = settings;
  }

  /** @throws StoreError, as `SqliteThread.start` */
  async ready(): Promise<void> {
    await this.#thread();
  }

  /** @throws StoreError */
  async call<M extends Method>(method: M, args: Arguments<M>): Promise<Result<M>> {
    const thread = await this.#thread();
    return thread.call(method, args);
  }

  /** Does all calls made so far, then ends the thread. */
  async close(): Promise<void> {
    // A thread that could not be started again has nothing to close.
    const thread = await this.#current?.catch(() => undefined);
    await thread?.close();
  }

  #thread(): Promise<SqliteThread> {
    this.#current ??= SqliteThread.start(this.#url, this.#settings, () => {
      this.#current = undefined;
    });
    return this.#current;
  }
}
