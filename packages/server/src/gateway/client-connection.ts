import {
  type Cancel,
  CLOSE_CODES,
  type Clock,
  type Close,
  type Codec,
  type Connection,
  type ConnectionEvents,
  codecFor,
  type DownMessage,
  type ErrorCode,
  type Frame,
  type Limits,
  type Open,
  type Report,
  type Submit,
  type Subprotocol,
  TuttiError,
  type UpMessage,
  type User,
} from "@tutti/protocol";
import type { Authenticator } from "../access/authenticator.js";
import { mayEdit } from "../access/roles.js";
import type { AttendanceService } from "../attendance/attendance-service.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import type { Documents } from "../documents/documents.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { PresenceService } from "../presence/presence-service.js";
import type { ConnectionGuard } from "../protection/connection-guard.js";
import type { Guard } from "../protection/guard.js";
import { StoreError } from "../storage/store.js";
import type { Vandalism } from "../vandalism/vandalism-service.js";
import { type AttendanceMessage, attend, type Joined } from "./attendance-messages.js";
import { Credential } from "./credential.js";
import { type Carrier, Membership } from "./membership.js";
import { Moves } from "./moves.js";
import { Outlet } from "./outlet.js";

export interface ConnectionEnvironment {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly observer: Observer;
  readonly authenticator: Authenticator;
  readonly attendance: AttendanceService;
  readonly documents: Documents;
  readonly presence: PresenceService;
  readonly vandalism: Vandalism;
  readonly guard: Guard;
}

/** A client says something at least this often (ms); after three times that silence the connection is given up. */
const HEARTBEAT = 15_000;
const HELLO_TIMEOUT = 10_000;
/** Frames that may wait for the answer to `hello`; together they have at most the size of one. */
const EARLY_FRAMES = 100;
/** How a connection ends for the errors that end one. */
const EXPULSIONS: Partial<Record<ErrorCode, number>> = {
  unauthenticated: CLOSE_CODES.unauthenticated,
  suspended: CLOSE_CODES.suspended,
  too_many_connections: CLOSE_CODES.overloaded,
  rate_limited: CLOSE_CODES.overloaded,
  overloaded: CLOSE_CODES.overloaded,
};

type State =
  | { readonly kind: "greeting"; readonly early: Frame[]; verifying: boolean }
  | { readonly kind: "ready"; readonly credential: Credential; renewing: boolean }
  | { readonly kind: "closed" };

/** The server's end of one client connection: decodes, checks, and hands on to documents and presence. */
export class ClientConnection implements ConnectionEvents {
  readonly #env: ConnectionEnvironment;
  readonly #connection: Connection;
  readonly #subprotocol: Subprotocol;
  readonly #codec: Codec;
  readonly #onClose: () => void;
  readonly #guard: ConnectionGuard;
  readonly #memberships = new Map<string, Membership>();
  /** Documents that the server closed here: what the client sent before it knew is no fault of its own. */
  readonly #dismissed = new Set<string>();
  readonly #carrier: Carrier;
  readonly #moves: Moves;
  readonly #outlet: Outlet;
  #state: State = { kind: "greeting", early: [], verifying: false };
  #errors = 0;
  /** Anything but heartbeats happened since `closeIfIdle` looked the last time. */
  #stirred = true;
  #lastStirred = 0;
  /** The server stops: nothing is submitted any more. */
  #draining = false;
  #lastHeard: number;
  #watchdog: Cancel;

  /** @param address where the client connects from, where somebody knows */
  constructor(
    connection: Connection,
    subprotocol: Subprotocol,
    env: ConnectionEnvironment,
    onClose: () => void,
    address?: string,
  ) {
    this.#env = env;
    this.#connection = connection;
    this.#subprotocol = subprotocol;
    this.#codec = codecFor(subprotocol);
    this.#onClose = onClose;
    this.#guard = env.guard.connection(connection, address, () => this.#sendNotice());
    this.#moves = new Moves(env);
    this.#outlet = new Outlet(connection, env.limits.unsentBytes, env.observer);
    this.#carrier = {
      deliver: (membership, shared) => this.#deliver(membership, shared),
      hasRoom: () => this.#outlet.hasRoom,
      lastHeard: () => this.#lastHeard,
    };
    this.#lastHeard = env.clock.now();
    this.#watchdog = env.clock.schedule(HELLO_TIMEOUT, () => this.#watch());
  }

  frame(frame: Frame): void {
    const bytes = typeof frame === "string" ? Buffer.byteLength(frame) : frame.byteLength;
    this.#env.observer.frameIn(bytes);
    this.#hear();
    if (this.#state.kind === "closed") return;
    const flooded = this.#guard.frame(bytes);
    if (flooded !== undefined) {
      this.#expel(flooded);
    } else if (bytes > this.#env.limits.frameBytes) {
      this.#fail(new TuttiError("frame_too_large", `a frame has at most ${this.#env.limits.frameBytes} bytes`));
      // What was read for nothing counts by its size.
      for (let beyond = bytes - this.#env.limits.frameBytes; beyond > 0; beyond -= this.#env.limits.frameBytes) {
        this.#countError();
      }
    } else if (this.#state.kind === "greeting" && this.#state.verifying) {
      this.#keepEarly(this.#state.early, frame);
    } else {
      this.#handle(frame);
    }
  }

  closed(): void {
    if (this.#state.kind === "closed") return;
    if (this.#state.kind === "ready") this.#state.credential.drop();
    this.#state = { kind: "closed" };
    this.#watchdog();
    this.#guard.closed();
    this.#moves.close();
    for (const membership of [...this.#memberships.values()]) this.#leave(membership, true);
    this.#onClose();
  }

  /** Closes from this side. */
  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
    this.closed();
  }

  /** To be called from time to time: closes when nothing but heartbeats happened for `idle` milliseconds (C11). */
  closeIfIdle(idle: number): void {
    const now = this.#env.clock.now();
    if (this.#stirred) this.#lastStirred = now;
    else if (now - this.#lastStirred >= idle) this.close(CLOSE_CODES.idle, "nothing happened here for a while");
    this.#stirred = false;
  }

  /** From now on submissions are dropped: their authors send them again, with the same sequence, after reconnecting. */
  drain(): void {
    this.#draining = true;
  }

  /** Says goodbye. @param retryAfter when the client may come back, in milliseconds from now */
  sendAway(retryAfter: number): void {
    this.#send({ type: "failed", error: new TuttiError("shutting_down", "the server stops", retryAfter).toData() });
    this.close(CLOSE_CODES.goingAway, "the server stops");
  }

  /** They are there; the others may have lost sight of them meanwhile (P3). */
  #hear(): void {
    const now = this.#env.clock.now();
    const silence = now - this.#lastHeard;
    this.#lastHeard = now;
    if (silence <= this.#env.presence.stale) return;
    for (const membership of this.#memberships.values()) this.#env.presence.heard(membership.document, membership);
  }

  #handle(frame: Frame): void {
    try {
      this.#dispatch(this.#codec.decodeUp(frame), frame.length);
    } catch (error) {
      this.#fail(this.#asTuttiError(error));
    }
  }

  #dispatch(message: UpMessage, bytes: number): void {
    if (message.type !== "ping") this.#stirred = true;
    if (message.type === "hello") {
      void (this.#state.kind === "ready" ? this.#renew(message.token) : this.#greet(message.token));
      return;
    }
    if (this.#state.kind !== "ready") throw new TuttiError("unexpected_message", "hello comes first");
    switch (message.type) {
      case "open":
        void this.#open(message, this.#state.credential.user);
        return;
      case "submit":
        this.#submit(message, bytes);
        return;
      case "move": {
        const joined = this.#joined(message.document);
        // Where somebody is may be forgotten; how they want to be seen may not (P5).
        const taken = this.#guard.takesPresence || message.visibility !== undefined;
        if (joined !== undefined && taken) this.#moves.take(joined.membership, message);
        return;
      }
      case "close":
        this.#close(message);
        return;
      case "ask":
      case "decide":
      case "moderate":
        void this.#attend(message);
        return;
      case "report":
        this.#report(message, this.#state.credential.user);
        return;
      case "ping":
        this.#sendNotice();
    }
  }

  /** Never rejects. */
  async #greet(token: string): Promise<void> {
    if (this.#state.kind !== "greeting" || this.#state.verifying) {
      this.#fail(new TuttiError("unexpected_message", "wait for the answer to hello"));
      return;
    }
    const { early } = this.#state;
    this.#state.verifying = true;
    const goOn = this.#connection.pause?.();
    try {
      const identity = await this.#env.authenticator.verify(token);
      if (this.#isClosed()) return;
      this.#guard.identified(identity.id);
      await this.#guard.admitted();
      if (this.#isClosed()) return;
      const credential = new Credential(identity, this.#env.clock, () => this.#expire());
      this.#state = { kind: "ready", credential, renewing: false };
      this.#welcome(credential);
      if (this.#guard.notice.level > 0) this.#sendNotice();
      for (const frame of early) this.#handle(frame);
    } catch (error) {
      this.#expel(this.#asTuttiError(error));
    } finally {
      goOn?.();
    }
  }

  /** A newer token of the same person. Whatever is wrong with it, the one before stays good until its end. Never rejects. */
  async #renew(token: string): Promise<void> {
    const state = this.#state;
    if (state.kind !== "ready" || state.renewing) {
      this.#fail(new TuttiError("unexpected_message", "wait for the answer to hello"));
      return;
    }
    state.renewing = true;
    try {
      const identity = await this.#env.authenticator.verify(token);
      if (this.#isClosed()) return;
      state.credential.renew(identity);
      this.#welcome(state.credential);
    } catch (error) {
      this.#fail(this.#asTuttiError(error));
    } finally {
      state.renewing = false;
    }
  }

  #welcome({ user, expiresIn }: Credential): void {
    const { frameBytes, insertLength, documentLength } = this.#env.limits;
    const limits = { frameBytes, insertLength, documentLength };
    const expiry = expiresIn === undefined ? undefined : { expiresIn: Math.ceil(expiresIn) };
    this.#send({ type: "welcome", user, limits, heartbeat: HEARTBEAT, ...expiry });
  }

  #expire(): void {
    this.#expel(new TuttiError("unauthenticated", "the token has expired"));
  }

  /** Never rejects. */
  async #open(message: Open, user: User): Promise<void> {
    const { document, version, content } = message;
    const membership = new Membership(message, user, this.#carrier);
    try {
      this.#guard.open();
      this.#admit(membership);
      const actor = await this.#env.documents.open(document, user.id);
      try {
        const { role, granted } = await this.#env.attendance.permit(actor, user.id);
        membership.role = role;
        if (this.#memberships.get(document) === membership) this.#env.attendance.arrive(membership, actor, granted);
        const wish = { version, content: content === true };
        await actor.join(membership, wish, () => this.#env.presence.entries(document, membership));
      } finally {
        // Whoever was refused, or left meanwhile, must not keep the document in memory.
        if (this.#memberships.get(document) !== membership) actor.leave(membership);
        this.#env.documents.release(document);
      }
      if (this.#memberships.get(document) !== membership) return;
      membership.actor = actor;
      this.#env.attendance.opened(membership);
      this.#env.presence.join(document, membership);
      this.#env.vandalism.opened(document, membership);
    } catch (error) {
      this.#refuse(membership, this.#asTuttiError(error));
    } finally {
      this.#guard.settled();
    }
  }

  #admit(membership: Membership): void {
    const previous = this.#memberships.get(membership.document);
    if (previous !== undefined) this.#leave(previous, true);
    if (this.#memberships.size >= this.#env.limits.documentsPerConnection) {
      throw new TuttiError("overloaded", "too many documents on one connection", 1000);
    }
    this.#memberships.set(membership.document, membership);
    this.#dismissed.delete(membership.document);
  }

  #refuse(membership: Membership, error: TuttiError): void {
    if (this.#memberships.get(membership.document) === membership) this.#memberships.delete(membership.document);
    this.#env.attendance.leave(membership, true);
    this.#env.observer.rejected(error.code);
    this.#send({ type: "closed", document: membership.document, error: error.toData() });
    if (error.code === "author_forged") this.#countError();
  }

  #submit(message: Submit, bytes: number): void {
    if (this.#draining) return;
    const joined = this.#joined(message.document);
    if (joined === undefined) return;
    const refusal = this.#guard.operation(message.document);
    if (refusal === undefined) this.#submitTo(joined, message, bytes);
    else if (refusal.code === "suspended") this.#expel(refusal);
    else this.#decline(message, refusal);
  }

  #submitTo({ membership, actor }: Joined, message: Submit, bytes: number): void {
    if (mayEdit(membership.role)) {
      void actor.submit(membership, message, bytes);
      return;
    }
    this.#decline(message, new TuttiError("forbidden", `whoever is ${membership.role} here may not edit`));
    this.#countError();
  }

  /** A client found out that it and the server do not have the same document (C6). */
  #report({ document, client, version, expected, actual, details }: Report, user: User): void {
    // What crossed the server's `closed`, or is said too often, is not worth an error.
    if (!this.#memberships.has(document) || !this.#guard.report()) return;
    const { log, observer } = this.#env;
    observer.diverged();
    log.warn("a client diverged", { document, client, user: user.id, version, expected, actual, details });
  }

  /** With `retry`, the author keeps the operation and sends it again. */
  #decline({ document, sequence }: Submit, refusal: TuttiError): void {
    this.#env.observer.rejected(refusal.code);
    this.#send({ type: "rejected", document, sequence, error: refusal.toData() });
  }

  #close(message: Close): void {
    const membership = this.#memberships.get(message.document);
    if (membership !== undefined) this.#leave(membership, false);
  }

  /** Never rejects. */
  async #attend(message: AttendanceMessage): Promise<void> {
    // What crossed the client's own leaving concerns the connection: nobody waits for an answer about the document.
    let document: string | undefined;
    try {
      const joined = this.#joined(message.document);
      document = message.document;
      this.#guard.wish();
      if (joined !== undefined) await attend(this.#env.attendance, joined, message);
    } catch (error) {
      this.#fail(this.#asTuttiError(error), document);
    }
  }

  /** undefined: the message crossed the server's `closed`, and there is nothing to do. */
  #joined(document: string): Joined | undefined {
    const membership = this.#memberships.get(document);
    const actor = membership?.actor;
    if (membership !== undefined && actor !== undefined) return { membership, actor };
    if (this.#dismissed.has(document)) return undefined;
    throw new TuttiError("unexpected_message", `the document ${document.slice(0, 64)} is not open here`);
  }

  /** @param lost not by the wish of whoever is there: their place is kept for a while */
  #leave(membership: Membership, lost: boolean): void {
    this.#memberships.delete(membership.document);
    this.#env.attendance.leave(membership, lost);
    membership.actor?.leave(membership);
    this.#moves.forget(membership);
    this.#env.presence.leave(membership.document, membership);
    this.#env.documents.release(membership.document);
  }

  /** From documents and presence to the client. */
  #deliver(membership: Membership, shared: SharedMessage): void {
    const { message } = shared;
    const current = this.#memberships.get(membership.document);
    if (current !== membership || this.#isClosed()) return;
    if (message.type === "committed") this.#stirred = true;
    this.#write(shared.frame(this.#subprotocol));
    if (message.type === "closed") {
      this.#leave(membership, true);
      this.#dismissed.add(membership.document);
    } else if (message.type === "rejected" && !message.error.retry) this.#countError();
  }

  /** @param document whose places it was about; left out: the connection */
  #fail(error: TuttiError, document?: string): void {
    this.#env.observer.rejected(error.code);
    this.#send({ type: "failed", error: error.toData(), document });
    // Who is told to try again has done nothing wrong.
    if (!error.retry) this.#countError();
  }

  /** A fair chance, not an endless one (L5). */
  #countError(): void {
    this.#errors += 1;
    if (this.#errors < this.#env.limits.errorsPerConnection || this.#isClosed()) return;
    this.#guard.misbehaved();
    this.#send({ type: "failed", error: new TuttiError("too_many_errors", "too many refused messages").toData() });
    this.close(CLOSE_CODES.misbehaved, "too_many_errors");
  }

  /** Says why, and closes. */
  #expel(error: TuttiError): void {
    this.#fail(error);
    this.close(EXPULSIONS[error.code] ?? CLOSE_CODES.goingAway, error.code);
  }

  /** How the server is; also unasked (S8). */
  #sendNotice(): void {
    if (this.#state.kind !== "ready") return;
    const { level, pace } = this.#guard.notice;
    this.#send({ type: "pong", ...(level > 0 ? { level } : undefined), ...(pace > 0 ? { pace } : undefined) });
  }

  #send(message: DownMessage): void {
    if (!this.#isClosed()) this.#write(this.#codec.encode(message));
  }

  #write(frame: Frame): void {
    if (!this.#outlet.write(frame)) this.close(CLOSE_CODES.goingAway, "receiver too slow");
  }

  #keepEarly(early: Frame[], frame: Frame): void {
    const bytes = early.reduce((sum, kept) => sum + kept.length, frame.length);
    if (early.length < EARLY_FRAMES && bytes <= this.#env.limits.frameBytes) early.push(frame);
    else this.#fail(new TuttiError("unexpected_message", "wait for the answer to hello"));
  }

  #watch(): void {
    if (this.#state.kind === "greeting" && !this.#state.verifying) {
      this.close(CLOSE_CODES.helloTimeout, "no hello in time");
    } else if (this.#env.clock.now() - this.#lastHeard > 3 * HEARTBEAT) {
      this.close(CLOSE_CODES.silent, "nothing heard for too long");
    } else if (this.#outlet.hasStalled()) {
      this.close(CLOSE_CODES.goingAway, "receiver does not read");
    } else {
      this.#watchdog = this.#env.clock.schedule(HEARTBEAT, () => this.#watch());
    }
  }

  #isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  #asTuttiError(error: unknown): TuttiError {
    if (error instanceof TuttiError) return error;
    this.#env.log.error("a message could not be handled", errorFields(error));
    if (error instanceof StoreError && error.code !== "damaged") {
      return new TuttiError("storage_unavailable", "storage does not answer; try again", 1000);
    }
    return new TuttiError("internal", "the server failed; it is logged", 5000);
  }
}
