import type { Connection, Frame } from "@tutti/protocol";
import { later } from "../../later.js";
import type { Transport, TransportEvents } from "../../types.js";
import type { PollingEnvironment } from "./polling.js";

/** Loads the code for connections over HTTP. */
export const loadPollingCode = later(() => import("./polling.js"));

/** What a WebSocket says when the network fails. */
const ABNORMAL = 1006;

/** Connections over HTTP (C13), whose code comes with the first of them. */
export function deferredPolling(env: PollingEnvironment): Transport {
  return { connect: (events) => new DeferredConnection(env, events) };
}

class DeferredConnection implements Connection {
  #connection: Connection | undefined;
  #closed = false;

  constructor(env: PollingEnvironment, events: TransportEvents) {
    void this.#connect(env, events);
  }

  get bufferedBytes(): number {
    return this.#connection?.bufferedBytes ?? 0;
  }

  send(frame: Frame): void {
    this.#connection?.send(frame);
  }

  close(code: number, reason: string): void {
    this.#closed = true;
    this.#connection?.close(code, reason);
  }

  /** Never rejects. */
  async #connect(env: PollingEnvironment, events: TransportEvents): Promise<void> {
    try {
      const { pollingTransport } = await loadPollingCode();
      if (!this.#closed) this.#connection = pollingTransport(env).connect(events);
    } catch {
      if (!this.#closed) events.closed(ABNORMAL, "the code for polling could not be loaded");
    }
  }
}
