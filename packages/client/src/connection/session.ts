import {
  type Cancel,
  CLOSE_CODES,
  type Clock,
  type Codec,
  type Connection,
  codecFor,
  type DownMessage,
  type ErrorCode,
  type ErrorData,
  type Frame,
  type Random,
  SUBPROTOCOLS,
  TuttiError,
  type UpMessage,
  type Welcome,
} from "@tutti/protocol";
import type { Transport } from "../types.js";
import { type DocumentMessage, isAboutDocument, type Service } from "./channel.js";
import type { Credentials } from "./credentials.js";
import { Heartbeat } from "./heartbeat.js";
import { Renewal } from "./renewal.js";
import { endOf, type SessionEnd } from "./session-end.js";

export interface SessionEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly credentials: Credentials;
  /** A token that the server has taken just now; left out: the source is asked. */
  readonly token?: string | undefined;
}

export interface SessionEvents {
  /** Once, before any message. */
  welcomed(limits: Welcome["limits"]): void;
  message(message: DocumentMessage): void;
  served(service: Service): void;
  /** Something went wrong; the session goes on. */
  warned(error: ErrorData): void;
  /** Once, and nothing afterwards; not told when this side has closed it. */
  over(end: SessionEnd): void;
}

/**
 *     new → authorising → connecting → greeting → ready → over
 *           the token     the socket   `hello`    `welcome` came
 */
type State =
  | { readonly kind: "new" }
  | { readonly kind: "authorising" }
  | { readonly kind: "connecting"; readonly connection: Connection; readonly token: string }
  | { readonly kind: "greeting"; readonly connection: Connection; readonly codec: Codec }
  | {
      readonly kind: "ready";
      readonly connection: Connection;
      readonly codec: Codec;
      readonly frameBytes: number;
      readonly heartbeat: Heartbeat;
      readonly renewal: Renewal;
    }
  | { readonly kind: "over" };

/** From the start to `welcome`, in milliseconds. */
const ATTEMPT_TIMEOUT = 15_000;
/** Bytes of a slow uplink in a millisecond: a question stands behind what waits there already. */
const SLOW_UPLINK = 20;

/** One attempt to reach the server and, when it succeeds, the connection with its heartbeat and its token (A1). */
export class Session {
  readonly #env: SessionEnvironment;
  readonly #events: SessionEvents;
  #state: State = { kind: "new" };
  #opened = false;
  /** The newest one that was offered to the server, and the newest that it took. */
  #offered = "";
  #taken: string | undefined;
  #timeout: Cancel | undefined;
  /** The server's last complaint: it explains the close that may follow. */
  #complaint: ErrorData | undefined;

  constructor(env: SessionEnvironment, events: SessionEvents) {
    this.#env = env;
    this.#events = events;
  }

  /** Whether the other end was ever reached. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Whether the server ever took the token. */
  get welcomed(): boolean {
    return this.#taken !== undefined;
  }

  /** The newest token that the server took. */
  get token(): string | undefined {
    return this.#taken;
  }

  start(): void {
    this.#timeout = this.#env.clock.schedule(ATTEMPT_TIMEOUT, () => this.#drop("no answer"));
    this.#state = { kind: "authorising" };
    const source = this.#env.token ?? this.#env.credentials.source;
    if (typeof source === "string") this.#connect(source);
    else void this.#authorise(source);
  }

  /**
   * Sends on the ready connection; without one it does nothing.
   * @returns false when the message is larger than the server takes; it is not sent then
   */
  send(message: UpMessage): boolean {
    if (this.#state.kind !== "ready") return true;
    const frame = this.#state.codec.encode(message);
    if (exceeds(frame, this.#state.frameBytes)) return false;
    this.#state.connection.send(frame);
    return true;
  }

  /** Asks whether the other end is there; when it stays silent for `patience` milliseconds, the session is lost. */
  probe(patience: number): void {
    if (this.#state.kind !== "ready") return;
    const { heartbeat, connection } = this.#state;
    heartbeat.probe(patience + connection.bufferedBytes / SLOW_UPLINK);
  }

  /** Takes a newer token from the source now. */
  renew(): void {
    if (this.#state.kind === "ready") this.#state.renewal.now();
  }

  /** Closes from this side; nothing is told any more. */
  close(reason: string): void {
    this.#hangUp(CLOSE_CODES.normal, reason);
  }

  /** Never rejects. */
  async #authorise(source: () => Promise<string>): Promise<void> {
    try {
      const token = await source();
      if (this.#state.kind === "authorising") this.#connect(token);
    } catch (error) {
      if (this.#state.kind === "authorising") this.#failed("unauthenticated", "no token", error);
    }
  }

  #connect(token: string): void {
    try {
      const connection = this.#env.transport.connect({
        opened: (subprotocol) => this.#greet(subprotocol),
        frame: (frame) => this.#receive(frame),
        closed: (code, reason, error) => this.#closed(code, reason, error),
      });
      this.#state = { kind: "connecting", connection, token };
    } catch (error) {
      // Browsers refuse some addresses like that: an insecure one from a secure page, say.
      this.#failed("invalid_request", "cannot connect", error);
    }
  }

  /** There never was a connection. */
  #failed(code: ErrorCode, what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#over({ kind: "lost", retryAfter: 0, error: { code, message: `${what}: ${reason}`, retry: true } });
  }

  #greet(name: string): void {
    if (this.#state.kind !== "connecting") return;
    const { connection, token } = this.#state;
    this.#opened = true;
    const subprotocol = SUBPROTOCOLS.find((known) => known === name);
    if (subprotocol === undefined) {
      const message = `the server speaks ${JSON.stringify(name)}, not tutti.v1`;
      this.#hangUp(CLOSE_CODES.normal, "no common protocol");
      this.#events.over({ kind: "pointless", error: new TuttiError("invalid_request", message).toData() });
      return;
    }
    const codec = codecFor(subprotocol);
    this.#state = { kind: "greeting", connection, codec };
    this.#offered = token;
    connection.send(codec.encode({ type: "hello", token }));
  }

  #receive(frame: Frame): void {
    const state = this.#state;
    if (state.kind !== "greeting" && state.kind !== "ready") return;
    if (state.kind === "ready") state.heartbeat.heard();
    const message = this.#decode(state.codec, frame);
    if (message === undefined) return;
    if (isAboutDocument(message)) {
      if (state.kind === "ready") this.#events.message(message);
    } else if (message.type === "welcome") {
      this.#taken = this.#offered;
      if (state.kind === "greeting") this.#begin(state.connection, state.codec, message);
      else state.renewal.accepted(message.expiresIn);
    } else if (message.type === "failed") {
      this.#refused(message.error, state.kind === "ready" ? state.renewal : undefined);
    } else if (message.type === "pong") {
      this.#events.served({ level: message.level ?? 0, pace: message.pace ?? 0 });
    }
  }

  /** The server may close next, because of it. */
  #refused(error: ErrorData, renewal: Renewal | undefined): void {
    if (!renewal?.refused(error)) this.#complaint = error;
  }

  #decode(codec: Codec, frame: Frame): DownMessage | undefined {
    try {
      return codec.decodeDown(frame);
    } catch (error) {
      if (!(error instanceof TuttiError)) throw error;
      this.#hangUp(CLOSE_CODES.silent, "no message");
      this.#events.over({ kind: "lost", retryAfter: 0, error: error.toData() });
      return undefined;
    }
  }

  #begin(connection: Connection, codec: Codec, { limits, heartbeat: interval, expiresIn }: Welcome): void {
    this.#timeout?.();
    const heartbeat = new Heartbeat(
      this.#env.clock,
      interval,
      () => this.send({ type: "ping" }),
      () => this.#drop("silent"),
    );
    const renewal = new Renewal({
      ...this.#env,
      offer: (token) => {
        this.#offered = token;
        this.send({ type: "hello", token });
      },
      failed: (error) => this.#events.warned(error),
    });
    this.#state = { kind: "ready", connection, codec, frameBytes: limits.frameBytes, heartbeat, renewal };
    renewal.accepted(expiresIn);
    this.#events.welcomed(limits);
  }

  /** @param error why, where the transport knows more than a code */
  #closed(code: number, reason: string, error?: ErrorData): void {
    if (this.#state.kind !== "over") this.#over(endOf(code, reason, this.#complaint ?? error));
  }

  /** Gives the connection up, because it does not work. */
  #drop(reason: string): void {
    const complaint = this.#complaint;
    this.#hangUp(CLOSE_CODES.silent, reason);
    this.#events.over({ kind: "lost", retryAfter: complaint?.retryAfter ?? 0, error: undefined });
  }

  #hangUp(code: number, reason: string): void {
    const state = this.#state;
    this.#forget();
    if ("connection" in state) state.connection.close(code, reason);
  }

  #over(end: SessionEnd): void {
    this.#forget();
    this.#events.over(end);
  }

  /** None of its events and timers is heard any more. */
  #forget(): void {
    this.#timeout?.();
    if (this.#state.kind === "ready") {
      this.#state.heartbeat.stop();
      this.#state.renewal.stop();
    }
    this.#state = { kind: "over" };
  }
}

function exceeds(frame: Frame, bytes: number): boolean {
  // A unit of text takes at most three bytes of UTF-8: nearly always that settles it.
  if (typeof frame === "string") return frame.length * 3 > bytes && new TextEncoder().encode(frame).length > bytes;
  return frame.length > bytes;
}
