import type { Conflict, ConnectionState, DocumentEvents, DocumentHandle } from "@tutti/client";
import type { Operation } from "@tutti/ot";
import { LocalDocument } from "@tutti/testkit";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach } from "vitest";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** A document whose content comes when the test says so. */
export class ArrivingDocument extends LocalDocument {
  override ready: Promise<void> = Promise.resolve();
  arrive: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  closes = 0;
  #silent = false;
  readonly #choosing = new Set<() => void>();

  constructor() {
    super();
    this.again();
  }

  /** A new promise, as after signing in again. */
  again(): void {
    this.ready = new Promise((resolve, reject) => {
      this.arrive = resolve;
      this.fail = reject;
    });
    this.ready.catch(() => undefined);
  }

  /** The first content comes without a change being told, as with the real document. */
  silently(content: Operation): void {
    this.#silent = true;
    this.remote(content);
    this.#silent = false;
  }

  override on<E extends keyof DocumentEvents>(event: E, listener: (value: DocumentEvents[E]) => void): () => void {
    const cancel = super.on(event, (value) => this.#silent || listener(value));
    if (event !== "conflict") return cancel;
    const choose = () => listener(this.conflict as DocumentEvents[E]);
    this.#choosing.add(choose);
    return () => {
      this.#choosing.delete(choose);
      cancel();
    };
  }

  /** The person has to choose; undefined: they have. */
  clash(conflict: Conflict | undefined): void {
    this.conflict = conflict;
    this.refusal = conflict && new Error(conflict.reason);
    for (const choose of this.#choosing) choose();
  }

  override close(): void {
    this.closes += 1;
    super.close();
  }
}

/** A client that remembers every document it opened, and like the real one gives one handle while it is open. */
export class FakeClient {
  readonly opened: { readonly id: string; readonly document: ArrivingDocument }[] = [];
  /** While set, nothing can be opened. */
  refusal: Error | undefined;

  connection: ConnectionState = { state: "connecting", transport: "websocket", retryAt: undefined, error: undefined };
  readonly #listeners = new Set<(state: ConnectionState) => void>();

  on(_event: "connection", listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The connection stands like that now. */
  connects(state: ConnectionState): void {
    this.connection = state;
    for (const listener of this.#listeners) listener(state);
  }

  open(id: string): DocumentHandle {
    if (this.refusal !== undefined) throw this.refusal;
    const document = new ArrivingDocument();
    this.opened.push({ id, document });
    return document;
  }

  /** The newest handle of a document. */
  document(id: string): ArrivingDocument {
    const entry = this.opened.findLast((candidate) => candidate.id === id);
    if (entry === undefined) throw new Error(`${id} was never opened`);
    return entry.document;
  }
}

const roots: Root[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) act(() => root.unmount());
  document.body.replaceChildren();
});

/** Renders into a page of its own. */
export class Stage {
  readonly element = document.body.appendChild(document.createElement("div"));
  readonly #root = createRoot(this.element);

  constructor() {
    roots.push(this.#root);
  }

  get text(): string {
    return this.element.textContent ?? "";
  }

  /** Also waits for what is told in microtasks. */
  async show(content: ReactNode): Promise<void> {
    await act(async () => this.#root.render(content));
  }

  async leave(): Promise<void> {
    await this.show(null);
  }
}

/** Something happens outside of React. */
export const happens = (what: () => void): Promise<void> => act(async () => what());
