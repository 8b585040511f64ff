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
  isPermanentClose,
  type Random,
  SUBPROTOCOLS,
  TuttiError,
  type UpMessage,
  type Welcome,
} from "@tutti/protocol";
import type { Transport, TransportEvents } from "../types.js";
import { Backoff } from "./backoff.js";
import { Heartbeat } from "./heartbeat.js";

/** What is about one document. */
export type DocumentMessage = Extract<DownMessage, { readonly document: string }>;

/** How the server is: it says so with `pong`. */
export interface Service {
  /** The degradation level, 0 to 5 (S8). */
  readonly level: number;
  /** Milliseconds that the server wants between two operations on one document. */
  readonly pace: number;
}
const ALL_WELL: Service = { level: 0, pace: 0 };

/** One document's end of the link. */
export interface Channel {
  readonly document: string;
  /** The link is ready: documents may be opened now. */
  connected(limits: Welcome["limits"]): void;
  /** The link is not, or no longer, ready; it tries again by itself. Also told after a failed attempt. */
  disconnected(): void;
  /** The link never tries again. */
  stopped(error: ErrorData): void;
  message(message: DocumentMessage): void;
  /** The server is better or worse than before. */
  serviceChanged(): void;
  /** Something went wrong with the link; it goes on trying. */
  warned(error: ErrorData): void;
}

/** The token of the person: fixed, or asked for anew before every connection. */
export type TokenSource = string | (() => Promise<string>);

export interface LinkOptions {
  readonly token: TokenSource;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * What the link is doing:
 *
 *     disconnected → authorising → connecting → greeting → ready → disconnected …      (stopped: never again)
 *                    the token     the socket   `hello`    `welcome` came
 *
 *     ready → resting → authorising …      the server closed an idle connection; nothing is wrong (C11)
 */
type LinkState =
  | { readonly kind: "disconnected"; readonly retry: Cancel | undefined }
  | { readonly kind: "resting" }
  | { readonly kind: "authorising" }
  | { readonly kind: "connecting"; readonly connection: Connection; readonly token: string }
  | { readonly kind: "greeting"; readonly connection: Connection; readonly codec: Codec }
  | {
      readonly kind: "ready";
      readonly connection: Connection;
      readonly codec: Codec;
      readonly limits: Welcome["limits"];
      readonly heartbeat: Heartbeat;
    }
  | { readonly kind: "stopped"; readonly error: ErrorData };

/** From the start of an attempt to `welcome`, in milliseconds. */
const ATTEMPT_TIMEOUT = 15_000;

/**
 * The one connection of a client, for all of its documents. It connects as soon as there is a document, comes back by
 * itself with backoff (C4), and stops for good only when the server says that trying again is pointless.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #backoff: Backoff;
  /** Of one document, the first one talks; the others wait until it has left. */
  readonly #channels = new Map<string, Channel[]>();
  #state: LinkState = { kind: "disconnected", retry: undefined };
  /** Tells the events of this attempt from those of the attempts before. */
  #attempt = 0;
  #attemptTimeout: Cancel | undefined;
  /** The server's last complaint on this connection: it explains the close that may follow. */
  #complaint: ErrorData | undefined;
  #everFailed = false;
  /** The server asked to be left alone until then, in milliseconds since 1970. */
  #notBefore = 0;
  #service = ALL_WELL;
  #closing = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
  }

  /** "connecting": the first attempt has neither succeeded nor failed yet; "resting": there is nothing to connect for. */
  get reach(): "connecting" | "connected" | "offline" | "resting" {
    if (this.#state.kind === "ready") return "connected";
    if (this.#state.kind === "resting") return "resting";
    return this.#everFailed || this.#state.kind === "stopped" ? "offline" : "connecting";
  }

  /** How the server is, as far as it has said. */
  get service(): Service {
    return this.#service;
  }

  attach(channel: Channel): void {
    const channels = this.#channels.get(channel.document) ?? [];
    channels.push(channel);
    this.#channels.set(channel.document, channels);
    if (channels.length === 1) this.#greet(channel);
    if (this.#state.kind === "disconnected" && this.#state.retry === undefined) this.#start();
    this.rouse();
  }

  detach(channel: Channel): void {
    const channels = (this.#channels.get(channel.document) ?? []).filter((other) => other !== channel);
    const [next] = channels;
    if (next === undefined) {
      this.#channels.delete(channel.document);
      this.#closeWhenEmpty();
    } else {
      this.#channels.set(channel.document, channels);
      this.#greet(next);
    }
  }

  /**
   * Sends on the ready connection; without one it does nothing: whoever sends hears of every reconnect.
   * @returns false when the message is larger than the server takes; it is not sent then
   */
  send(message: UpMessage): boolean {
    if (this.#state.kind !== "ready") return true;
    const frame = this.#state.codec.encode(message);
    if (exceeds(frame, this.#state.limits.frameBytes)) return false;
    this.#state.connection.send(frame);
    return true;
  }

  /** There is something to do: connects again where the link is resting. */
  rouse(): void {
    if (this.#state.kind === "resting") this.#start();
  }

  /** Tries at once, where the link waits for its next attempt; but not sooner than the server allowed (C4). */
  wake(): void {
    this.rouse();
    if (this.#state.kind !== "disconnected" || this.#state.retry === undefined) return;
    if (this.#options.clock.now() < this.#notBefore) return;
    this.#state.retry();
    this.#backoff.reset();
    this.#start();
  }

  /** Closes the connection as soon as the last document has left. */
  close(): void {
    this.#closing = true;
    this.#closeWhenEmpty();
  }

  #closeWhenEmpty(): void {
    if (!this.#closing || this.#channels.size > 0 || this.#state.kind === "stopped") return;
    if (this.#state.kind === "disconnected") this.#state.retry?.();
    this.#hangUp(CLOSE_CODES.normal, "the client is done");
    this.#state = { kind: "stopped", error: new TuttiError("unexpected_message", "the client was closed").toData() };
  }

  #greet(channel: Channel): void {
    if (this.#state.kind === "ready") channel.connected(this.#state.limits);
    else if (this.#state.kind === "stopped") channel.stopped(this.#state.error);
    else if (this.#everFailed) channel.disconnected();
  }

  #start(): void {
    this.#attempt += 1;
    this.#service = ALL_WELL;
    const attempt = this.#attempt;
    this.#complaint = undefined;
    this.#attemptTimeout = this.#options.clock.schedule(ATTEMPT_TIMEOUT, () => {
      if (attempt === this.#attempt) this.#drop("no answer in time");
    });
    this.#state = { kind: "authorising" };
    const { token } = this.#options;
    if (typeof token === "string") this.#connect(attempt, token);
    else void this.#authorise(attempt, token);
  }

  /** Never rejects. */
  async #authorise(attempt: number, source: () => Promise<string>): Promise<void> {
    try {
      const token = await source();
      if (attempt === this.#attempt) this.#connect(attempt, token);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed("unauthenticated", "no token", error);
    }
  }

  #connect(attempt: number, token: string): void {
    try {
      const connection = this.#options.transport.connect(this.#eventsOf(attempt));
      this.#state = { kind: "connecting", connection, token };
    } catch (error) {
      // Browsers refuse some addresses like that: an insecure one from a secure page, say.
      this.#failed("invalid_request", "cannot connect", error);
    }
  }

  /** The attempt ended before there was a connection. */
  #failed(code: ErrorCode, what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#lose();
    this.#each((channel) => channel.warned({ code, message: `${what}: ${reason}`, retry: true }));
  }

  #eventsOf(attempt: number): TransportEvents {
    const current = (act: () => void): void => {
      if (attempt === this.#attempt) act();
    };
    return {
      opened: (subprotocol) => current(() => this.#opened(subprotocol)),
      frame: (frame) => current(() => this.#receive(frame)),
      closed: (code, reason) => current(() => this.#closed(code, reason)),
    };
  }

  #opened(name: string): void {
    if (this.#state.kind !== "connecting") return;
    const { connection, token } = this.#state;
    const subprotocol = SUBPROTOCOLS.find((known) => known === name);
    if (subprotocol === undefined) {
      this.#hangUp(CLOSE_CODES.normal, "no common protocol");
      this.#stop(new TuttiError("invalid_request", `the server speaks ${JSON.stringify(name)}, not tutti.v1`).toData());
      return;
    }
    const codec = codecFor(subprotocol);
    this.#state = { kind: "greeting", connection, codec };
    connection.send(codec.encode({ type: "hello", token }));
  }

  #receive(frame: Frame): void {
    const state = this.#state;
    if (state.kind !== "greeting" && state.kind !== "ready") return;
    if (state.kind === "ready") state.heartbeat.heard();
    const message = this.#decode(state.codec, frame);
    if (message === undefined) return;
    if ("document" in message) {
      if (state.kind === "ready") this.#channels.get(message.document)?.[0]?.message(message);
    } else if (message.type === "welcome") {
      if (state.kind === "greeting") this.#welcomed(state.connection, state.codec, message);
    } else if (message.type === "failed") {
      this.#complaint = message.error;
    } else if (message.type === "pong") {
      this.#served({ level: message.level ?? 0, pace: message.pace ?? 0 });
    }
  }

  #decode(codec: Codec, frame: Frame): DownMessage | undefined {
    try {
      return codec.decodeDown(frame);
    } catch (error) {
      if (!(error instanceof TuttiError)) throw error;
      this.#drop("a frame that is no message");
      const data = error.toData();
      this.#each((channel) => channel.warned(data));
      return undefined;
    }
  }

  #served(service: Service): void {
    const { level, pace } = this.#service;
    this.#service = service;
    if (level !== service.level || pace !== service.pace) this.#each((channel) => channel.serviceChanged());
  }

  #welcomed(connection: Connection, codec: Codec, { limits, heartbeat }: Welcome): void {
    this.#attemptTimeout?.();
    this.#backoff.reset();
    const beat = new Heartbeat(
      this.#options.clock,
      heartbeat,
      () => this.send({ type: "ping" }),
      () => this.#drop("nothing heard for too long"),
    );
    this.#state = { kind: "ready", connection, codec, limits, heartbeat: beat };
    this.#each((channel) => channel.connected(limits));
  }

  #closed(code: number, reason: string): void {
    if (isPermanentClose(code)) this.#stop(this.#complaint ?? errorOfClose(code, reason));
    else if (code === CLOSE_CODES.idle) this.#rest();
    else this.#lose();
  }

  /** The server closed an idle connection. A channel that has something pending rouses the link at once. */
  #rest(): void {
    this.#forget();
    this.#everFailed = false;
    this.#state = { kind: "resting" };
    this.#each((channel) => channel.disconnected());
  }

  /** Gives the connection up, because it does not work. */
  #drop(reason: string): void {
    this.#hangUp(CLOSE_CODES.silent, reason);
    this.#lose();
  }

  /** The connection (or the attempt) is gone: tries again later. */
  #lose(): void {
    this.#forget();
    this.#everFailed = true;
    const complaint = this.#complaint;
    const wanted = complaint?.retryAfter ?? 0;
    this.#notBefore = this.#options.clock.now() + wanted;
    const retry = this.#options.clock.schedule(this.#backoff.next(wanted), () => this.#start());
    this.#state = { kind: "disconnected", retry };
    this.#each((channel) => channel.disconnected());
    if (complaint?.retry === false) this.#each((channel) => channel.warned(complaint));
  }

  #stop(error: ErrorData): void {
    this.#forget();
    this.#state = { kind: "stopped", error };
    this.#each((channel) => channel.stopped(error));
  }

  #hangUp(code: number, reason: string): void {
    const state = this.#state;
    this.#forget();
    if ("connection" in state) state.connection.close(code, reason);
  }

  /** Ends the attempt: none of its events and timers is heard any more. */
  #forget(): void {
    this.#attempt += 1;
    this.#attemptTimeout?.();
    if (this.#state.kind === "ready") this.#state.heartbeat.stop();
  }

  #each(tell: (channel: Channel) => void): void {
    for (const [channel] of [...this.#channels.values()]) {
      if (channel !== undefined) tell(channel);
    }
  }
}

function exceeds(frame: Frame, bytes: number): boolean {
  // A unit of text takes at most three bytes of UTF-8: nearly always that settles it.
  if (typeof frame === "string") return frame.length * 3 > bytes && new TextEncoder().encode(frame).length > bytes;
  return frame.length > bytes;
}

function errorOfClose(code: number, reason: string): ErrorData {
  const text = reason === "" ? `closed with code ${code}` : reason;
  if (code === CLOSE_CODES.unauthenticated) return new TuttiError("unauthenticated", text).toData();
  if (code === CLOSE_CODES.misbehaved) return new TuttiError("too_many_errors", text).toData();
  return new TuttiError("invalid_request", text).toData();
}
