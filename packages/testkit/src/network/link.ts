import type { Cancel, Clock, Connection, ConnectionEvents, Frame } from "@tutti/protocol";
import type { SeededRandom } from "../seeded-random.js";
import { type Latency, type Parcel, Wire } from "./wire.js";

/** How both directions of a link behave; asked anew for every parcel. */
export interface LinkConditions {
  /** From the client to the server. */
  readonly up: Latency;
  readonly down: Latency;
}

/** What became of a connection that was lost. */
export interface Loss {
  /** How many frames in transit still arrive: a random number of each direction, or all, or none. */
  readonly inTransit: "random" | "all" | "none";
  /** Milliseconds until each side notices. */
  readonly noticedAfter: Latency;
}

const AT_ONCE: Loss = { inTransit: "random", noticedAfter: { from: 0, to: 0 } };
const LOST: Parcel = { kind: "closed", code: 1006, reason: "" };
/** Milliseconds that the end which closes waits for the other one's answer. */
const CLOSE_TIMEOUT = 30_000;

/** One end of a link. It behaves as a WebSocket does: no frame in or out after `close`, and `closed` comes once. */
class End implements Connection {
  events: ConnectionEvents | undefined;
  #state: "connecting" | "open" | "closing" | "closed" = "connecting";
  #out: Wire | undefined;
  #closing: Cancel | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get bufferedBytes(): number {
    return this.#out?.bytes ?? 0;
  }

  get closed(): boolean {
    return this.#state === "closed";
  }

  attach(out: Wire): void {
    this.#out = out;
  }

  /** @returns false when it was closed before */
  open(): boolean {
    if (this.#state !== "connecting") return false;
    this.#state = "open";
    return true;
  }

  /** The process is gone: it hears nothing and says nothing. */
  die(): void {
    this.#closing?.();
    this.#state = "closed";
    this.events = undefined;
  }

  send(frame: Frame): void {
    if (this.#state === "connecting") throw new Error("a frame was sent before the connection was open");
    if (this.#state === "open") this.#out?.send({ kind: "frame", frame });
  }

  close(code: number, reason: string): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    this.#state = "closing";
    this.#out?.send({ kind: "closed", code, reason });
    this.#closing = this.#clock.schedule(CLOSE_TIMEOUT, () => this.#finish(1006, ""));
  }

  receive(parcel: Parcel): void {
    if (parcel.kind === "frame" && this.#state === "open") this.events?.frame(parcel.frame);
    if (parcel.kind !== "closed" || this.#state === "closed") return;
    // The answer to the other end's closing, as WebSocket has it.
    if (this.#state !== "closing") this.#out?.send(parcel);
    this.#finish(parcel.code, parcel.reason);
  }

  #finish(code: number, reason: string): void {
    if (this.#state === "closed") return;
    const events = this.events;
    this.die();
    events?.closed(code, reason);
  }
}

interface Handshake {
  /** The client's wish to connect has reached the server: `accept` or `refuse` it. */
  arrived(link: SimulatedLink): void;
  /** The server's consent has reached the client. */
  opened(subprotocol: string): void;
}

/** A connection between a client and a server: two ends and a wire in each direction. */
export class SimulatedLink {
  readonly up: Wire;
  readonly down: Wire;
  readonly #client: End;
  readonly #server: End;
  readonly #random: SeededRandom;

  constructor(clock: Clock, random: SeededRandom, conditions: () => LinkConditions, handshake: Handshake) {
    this.#random = random;
    this.#client = new End(clock);
    this.#server = new End(clock);
    this.up = new Wire(
      clock,
      random,
      () => conditions().up,
      (parcel) => {
        if (parcel.kind === "connect") handshake.arrived(this);
        else this.#server.receive(parcel);
      },
    );
    this.down = new Wire(
      clock,
      random,
      () => conditions().down,
      (parcel) => {
        if (parcel.kind !== "accepted") return this.#client.receive(parcel);
        if (!this.#client.open()) return;
        handshake.opened(parcel.subprotocol);
      },
    );
    this.#client.attach(this.up);
    this.#server.attach(this.down);
    this.up.send({ kind: "connect" });
  }

  get clientEnd(): Connection {
    return this.#client;
  }

  /** True when neither end expects anything any more. */
  get over(): boolean {
    return this.#client.closed && this.#server.closed;
  }

  listenAtClient(events: ConnectionEvents): void {
    this.#client.events = events;
  }

  /**
   * The server takes the connection: the client hears so before everything that the server sends.
   * @param accept given the server's end; returns undefined to refuse
   */
  accept(subprotocol: string, accept: (connection: Connection) => ConnectionEvents | undefined): void {
    this.#server.open();
    this.down.send({ kind: "accepted", subprotocol });
    this.#server.events = accept(this.#server);
    if (this.#server.events === undefined) this.refuse();
  }

  refuse(): void {
    this.#server.die();
    this.down.break(0, { parcel: LOST, late: 0 });
  }

  /** The connection is lost; both ends are told 1006, each when it notices. */
  cut(loss: Loss = AT_ONCE): void {
    for (const wire of [this.up, this.down]) {
      const late = this.#random.between(loss.noticedAfter.from, loss.noticedAfter.to);
      wire.break(this.#arriving(wire, loss), { parcel: LOST, late });
    }
  }

  /** The server's process dies: it neither hears nor says anything any more; the client is told 1006. */
  killServer(loss: Loss = AT_ONCE): void {
    this.#server.die();
    this.up.break(0);
    const late = this.#random.between(loss.noticedAfter.from, loss.noticedAfter.to);
    this.down.break(this.#arriving(this.down, loss), { parcel: LOST, late });
  }

  /** The client's process dies; the server is told 1006. */
  killClient(loss: Loss = AT_ONCE): void {
    this.#client.die();
    this.down.break(0);
    const late = this.#random.between(loss.noticedAfter.from, loss.noticedAfter.to);
    this.up.break(this.#arriving(this.up, loss), { parcel: LOST, late });
  }

  #arriving(wire: Wire, loss: Loss): number {
    const { length } = wire.waiting;
    if (loss.inTransit === "all") return length;
    return loss.inTransit === "none" ? 0 : this.#random.between(0, length);
  }
}
