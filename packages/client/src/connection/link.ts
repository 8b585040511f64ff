import {
  type Cancel,
  type Clock,
  type ErrorData,
  type Random,
  TuttiError,
  type UpMessage,
  type Welcome,
} from "@tutti/protocol";
import { Emitter } from "../emitter.js";
import type { PlatformEvent } from "../types.js";
import { ALL_WELL, type Channel, Channels, type Service } from "./channel.js";
import { type ConnectionState, sameConnection } from "./connection-state.js";
import { Credentials, type TokenSource } from "./credentials.js";
import { PATIENCE } from "./heartbeat.js";
import { Retries } from "./retries.js";
import { Routes, type RoutesEnvironment, type TransportKind } from "./routes.js";
import { Session } from "./session.js";
import type { SessionEnd } from "./session-end.js";
import { Upgrade } from "./upgrade.js";

export type { Channel, DocumentMessage, Service } from "./channel.js";

export interface LinkOptions extends Pick<RoutesEnvironment, "websocket" | "polling"> {
  readonly token: TokenSource;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * What the link is doing:
 *
 *     unused → trying → ready → trying …          where all is well: the first document, `welcome`, an expired token
 *     trying, ready → waiting → trying …          the attempt failed, or the connection was lost: again after a while (C4)
 *     ready → resting → trying …                  the server closed an idle connection; nothing is wrong (C11)
 *     trying, ready → locked out → trying …       the token is not taken: again when there is another one (A1)
 *     any → stopped                               never again
 */
type LinkState =
  | { readonly kind: "unused" }
  | { readonly kind: "trying"; readonly attempt: Attempt }
  | { readonly kind: "ready"; readonly attempt: Attempt; readonly limits: Welcome["limits"] }
  | { readonly kind: "waiting"; readonly retry: Cancel; readonly retryAt: number }
  | { readonly kind: "resting" }
  | { readonly kind: "locked out"; readonly error: ErrorData }
  | { readonly kind: "stopped"; readonly error: ErrorData };

interface Attempt {
  readonly transport: TransportKind;
  readonly session: Session;
}

/**
 * A platform that says "offline" is believed only when the server stays silent for this long (ms): it also says so when a
 * VPN comes or goes, and it does not know of a server on this machine or in this house. When it is right, a person learns
 * it in two seconds instead of after two silent heartbeats.
 */
const OFFLINE_PATIENCE = 2000;

/**
 * The one connection of a client, for all of its documents. It connects as soon as there is a document, comes back by
 * itself (C4), over HTTP where WebSockets are blocked (C13), and stops for good only when the server says that trying
 * again is pointless.
 */
export class Link {
  readonly #env: LinkOptions;
  readonly #channels = new Channels();
  readonly #credentials: Credentials;
  readonly #routes: Routes;
  readonly #retries: Retries;
  /** Beside a connection that polls. */
  readonly #upgrade: Upgrade;
  readonly #emitter = new Emitter<{ connection: ConnectionState }>();
  #state: LinkState = { kind: "unused" };
  #everFailed = false;
  #service = ALL_WELL;
  #closing = false;
  #told: ConnectionState;

  constructor(options: LinkOptions) {
    this.#env = options;
    this.#credentials = new Credentials(options.token);
    this.#routes = new Routes(options);
    this.#retries = new Retries(options.clock, options.random);
    this.#upgrade = new Upgrade(options.clock);
    this.#told = this.connection;
  }

  /** "connecting": the first attempt has neither succeeded nor failed yet; "resting": there is nothing to connect for. */
  get reach(): "connecting" | "connected" | "offline" | "resting" {
    if (this.#state.kind === "ready") return "connected";
    if (this.#state.kind === "resting") return "resting";
    if (this.#state.kind === "locked out" || this.#state.kind === "stopped") return "offline";
    return this.#everFailed ? "offline" : "connecting";
  }

  /** For applications. */
  get connection(): ConnectionState {
    const state = this.#state;
    const transport = "attempt" in state ? state.attempt.transport : this.#routes.next;
    const retryAt = state.kind === "waiting" ? state.retryAt : undefined;
    return { state: NAMES[state.kind], transport, retryAt, error: "error" in state ? state.error : undefined };
  }

  /** How the server is, as far as it has said. */
  get service(): Service {
    return this.#service;
  }

  /** Told whenever something of `connection` has changed. */
  onConnection(listener: (connection: ConnectionState) => void): Cancel {
    return this.#emitter.on("connection", listener);
  }

  attach(channel: Channel): void {
    if (this.#channels.add(channel)) this.#greet(channel);
    if (this.#state.kind === "unused") this.#start();
    this.rouse();
  }

  detach(channel: Channel): void {
    const next = this.#channels.remove(channel);
    if (next === undefined) this.#closeWhenEmpty();
    else this.#greet(next);
  }

  /**
   * Sends on the ready connection; without one it does nothing: whoever sends hears of every reconnect.
   * @returns false when the message is larger than the server takes; it is not sent then
   */
  send(message: UpMessage): boolean {
    return this.#state.kind !== "ready" || this.#state.attempt.session.send(message);
  }

  /** There is something to do: connects again where the link is resting. */
  rouse(): void {
    if (this.#state.kind === "resting") this.#start();
  }

  /**
   * The platform says something of the network, or of the person. What it says is a reason to look, at once, and no more
   * than that: browsers are often wrong about both.
   */
  platform(event: PlatformEvent): void {
    if (event === "online") this.#routes.networkChanged();
    if (this.#state.kind === "ready") {
      this.#state.attempt.session.probe(event === "offline" ? OFFLINE_PATIENCE : PATIENCE);
      this.#planUpgrade();
    } else if (event !== "offline") {
      this.rouse();
      this.#hurry();
    }
  }

  /** The person has signed in again, or has a newer token: it counts from now on (A1). */
  setToken(token: TokenSource): void {
    this.#credentials.replace(token);
    if (this.#state.kind === "ready") {
      this.#state.attempt.session.renew();
    } else if (this.#state.kind === "trying") {
      this.#state.attempt.session.close("another token");
      this.#start();
    } else if (this.#state.kind === "locked out") {
      this.#start();
      this.#channels.each((channel) => channel.disconnected());
    } else {
      this.#hurry();
    }
  }

  /** Closes the connection as soon as the last document has left. */
  close(): void {
    this.#closing = true;
    this.#closeWhenEmpty();
  }

  #closeWhenEmpty(): void {
    if (!this.#closing || !this.#channels.empty || this.#state.kind === "stopped") return;
    if (this.#state.kind === "waiting") this.#state.retry();
    if ("attempt" in this.#state) this.#state.attempt.session.close("done");
    this.#stop(new TuttiError("unexpected_message", "the client was closed").toData());
  }

  #greet(channel: Channel): void {
    if (this.#state.kind === "ready") channel.connected(this.#state.limits);
    else if (this.#state.kind === "stopped") channel.stopped(this.#state.error);
    else if (this.#state.kind === "locked out") channel.lockedOut(this.#state.error);
    else if (this.#everFailed) channel.disconnected();
  }

  /** Tries at once, where the link waits for its next attempt; but not sooner than the server allowed (C4). */
  #hurry(): void {
    if (this.#state.kind !== "waiting" || !this.#retries.hurry()) return;
    this.#state.retry();
    this.#start();
  }

  #start(): void {
    this.#service = ALL_WELL;
    this.#retries.attempted();
    const attempt = this.#attempt(this.#routes.next);
    this.#state = { kind: "trying", attempt };
    attempt.session.start();
    this.#tell();
  }

  /** @param token one that the server has taken just now; left out: the source is asked */
  #attempt(transport: TransportKind, token?: string): Attempt {
    const { clock, random } = this.#env;
    const env = { clock, random, transport: this.#routes.transport(transport), credentials: this.#credentials, token };
    const session = new Session(env, {
      welcomed: (limits) => this.#welcomed(attempt, limits),
      message: (message) => {
        if (message.type === "committed") this.#retries.used();
        this.#channels.of(message.document)?.message(message);
      },
      served: (service) => this.#served(service),
      warned: (error) => this.#channels.each((channel) => channel.warned(error)),
      over: (end) => this.#over(attempt, end),
    });
    const attempt: Attempt = { transport, session };
    return attempt;
  }

  #served(service: Service): void {
    const { level, pace } = this.#service;
    this.#service = service;
    if (level !== service.level || pace !== service.pace) this.#channels.each((channel) => channel.serviceChanged());
  }

  #welcomed(attempt: Attempt, limits: Welcome["limits"]): void {
    const before = this.#state;
    this.#state = { kind: "ready", attempt, limits };
    if (before.kind === "ready") {
      // The WebSocket that was tried beside it. What this loses on its way is sent again, with the same sequence (S2).
      this.#upgrade.done();
      this.#service = ALL_WELL;
      before.attempt.session.close("upgraded");
    }
    this.#credentials.accepted();
    this.#retries.welcomed();
    this.#planUpgrade();
    this.#channels.each((channel) => channel.connected(limits));
    this.#tell();
  }

  #planUpgrade(): void {
    if (this.#state.kind !== "ready" || this.#state.attempt.transport !== "polling") return;
    const { session } = this.#state.attempt;
    // With the token of the connection that is there: its source would be asked every minute, mostly in vain.
    this.#upgrade.plan(this.#routes.untilRetry, () => this.#attempt("websocket", session.token).session);
  }

  #over({ session, transport }: Attempt, end: SessionEnd): void {
    this.#routes.ended(transport, session.opened);
    if (this.#upgrade.owns(session)) {
      this.#upgrade.done();
      this.#planUpgrade();
      return;
    }
    this.#upgrade.drop();
    if (end.kind === "pointless") this.#stop(end.error);
    else if (end.kind === "idle") this.#rest();
    else if (end.kind === "unauthenticated") this.#unauthenticated(end.error, session.welcomed);
    else this.#lost(end.retryAfter, end.error, end.reserved && !session.welcomed);
    this.#tell();
  }

  /** The server closed an idle connection. A channel that has something pending rouses the link at once. */
  #rest(): void {
    this.#retries.ended();
    this.#everFailed = false;
    this.#state = { kind: "resting" };
    this.#channels.each((channel) => channel.disconnected());
  }

  /** @param wasWelcomed the token was good, and has expired: a fresh one is no retry, and needs no pause */
  #unauthenticated(error: ErrorData, wasWelcomed: boolean): void {
    if (wasWelcomed && this.#credentials.renewable) this.#wait(this.#retries.afterMend());
    else if (!wasWelcomed && this.#credentials.refused()) this.#lost(error.retryAfter ?? 0, error);
    else this.#lockOut(error);
  }

  #lockOut(error: ErrorData): void {
    this.#state = { kind: "locked out", error };
    this.#channels.each((channel) => channel.lockedOut(error));
  }

  /**
   * The connection (or the attempt) is gone: tries again later.
   * @param atLeast what the server asked for, in milliseconds
   * @param reserved it is our turn exactly then
   */
  #lost(atLeast: number, error: ErrorData | undefined, reserved?: boolean): void {
    this.#everFailed = true;
    this.#wait(this.#retries.afterLoss(atLeast, reserved));
    if (error !== undefined) this.#channels.each((channel) => channel.warned(error));
  }

  #wait(delay: number): void {
    if (delay === 0) {
      this.#start();
    } else {
      // Also where nothing but a token expired, too often: whoever waits is offline.
      this.#everFailed = true;
      const { clock } = this.#env;
      const retry = clock.schedule(delay, () => this.#start());
      this.#state = { kind: "waiting", retry, retryAt: clock.now() + delay };
    }
    this.#channels.each((channel) => channel.disconnected());
  }

  #stop(error: ErrorData): void {
    this.#upgrade.drop();
    this.#state = { kind: "stopped", error };
    this.#channels.each((channel) => channel.stopped(error));
    this.#tell();
  }

  #tell(): void {
    const { connection } = this;
    if (sameConnection(connection, this.#told)) return;
    this.#told = connection;
    this.#emitter.emit("connection", connection);
  }
}

const NAMES: Readonly<Record<LinkState["kind"], ConnectionState["state"]>> = {
  unused: "resting",
  trying: "connecting",
  ready: "connected",
  waiting: "offline",
  resting: "resting",
  "locked out": "stopped",
  stopped: "stopped",
};
