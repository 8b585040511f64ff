import {
  type Attendance,
  type Cancel,
  type Clock,
  type Closed,
  type ErrorData,
  type Opened,
  type Rejected,
  type Role,
  TuttiError,
  type Welcome,
} from "@tutti/protocol";
import type { Conflict } from "../conflict/conflict.js";
import { Disputes } from "../conflict/disputes.js";
import type { Choice, ConflictGround } from "../conflict/open-conflict.js";
import { Backoff } from "../connection/backoff.js";
import type { Channel, DocumentMessage, Link } from "../connection/link.js";
import { forbidden, mayEdit } from "../editing/permission.js";
import { CodeMissing } from "../loading-afterwards.js";
import { Divergence } from "./divergence.js";
import type { Host } from "./host.js";
import { type Arrival, Incoming } from "./incoming.js";
import { Outgoing } from "./outgoing.js";
import { type HopelessPhase, isFinal, isSettled, type Phase } from "./phase.js";
import type { Committed as CommitEffect, Replica } from "./replica.js";
import { Saves } from "./saves.js";
import { SEND_INTERVAL, type SynchroniserOptions } from "./synchroniser-options.js";

/** Before a document is opened again (ms), even where the server says "at once": a circle of the two must not spin. */
const SHORTEST_PAUSE = 100;
/** How long a document that was closed waits for the acknowledgement of its last edits, in milliseconds. */
const FAREWELL = 5000;

/**
 * Keeps one replica and the server together. Every event (a message, a lost connection, an edit, a timer) changes the
 * state, and then `#evaluate` alone decides what is sent. `Incoming` is the way of the server's messages into the
 * replica, `Outgoing` the way of the person's operations out of it. The tests cite these invariants by number:
 *
 *  1. Nothing but `open` and `close` is sent unless the document is live.
 *  2. An operation is sent once each time the document becomes live, and again only when the server asks for it;
 *     always with the same sequence (S2).
 *  3. A commit is applied exactly once and in order of versions, however often it arrives.
 *  4. After a permanent refusal nothing is submitted any more; the person's text stays.
 *  5. What diverged is never submitted: the document is opened anew first (C6).
 *  6. While there is a conflict nothing is submitted, and nothing pending is given up (C12).
 *  7. While the person views, nothing is submitted, and nothing pending is given up (S11).
 */
export class Synchroniser implements Channel {
  readonly document: string;
  readonly #replica: Replica;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #host: Host;
  readonly #saves = new Saves();
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #reopening: Backoff;
  #phase: Phase = { kind: "disconnected" };
  #limits: Welcome["limits"] | undefined;
  #blocked: ErrorData | undefined;
  #storageFails = false;
  #viewing = false;
  #closing = false;
  #farewell: Cancel | undefined;
  readonly #disputes: Disputes;
  readonly #introduction: SynchroniserOptions["introduction"];

  constructor(document: string, replica: Replica, options: SynchroniserOptions, host: Host) {
    const { interval = SEND_INTERVAL, ...outside } = options;
    this.document = document;
    this.#replica = replica;
    this.#link = outside.link;
    this.#clock = outside.clock;
    this.#host = host;
    this.#introduction = outside.introduction;
    this.#reopening = new Backoff(outside.random);
    this.#incoming = new Incoming(replica, {
      committed: (commit) => this.#applied(commit),
      replaced: (delta) => host.changed(delta),
    });
    this.#outgoing = new Outgoing({ document, replica, ...outside, interval, due: () => this.#evaluate() });
    this.#disputes = new Disputes(
      replica,
      { document, ...outside },
      {
        changed: (conflict) => {
          host.conflict(conflict);
          // One of an earlier tab ends without anything else happening here.
          host.settled();
        },
        resolved: (choice) => this.#resolved(choice),
        open: (id) => host.open(id),
        suspended: (untilChosen) => this.#suspended(untilChosen),
        error: (error) => host.error(error),
        report: (report) => outside.link.send(report),
      },
    );
  }

  get live(): boolean {
    return this.#phase.kind === "live";
  }

  get closed(): boolean {
    return this.#phase.kind === "closed";
  }

  /** The content is here, and edits are welcome. */
  get editable(): boolean {
    return this.#incoming.known && !this.#closing;
  }

  get storageFails(): boolean {
    return this.#storageFails;
  }

  /** Others edit now; what is pending waits for a place (S11). */
  get viewing(): boolean {
    return this.#viewing;
  }

  /** Why the server takes nothing more from here; undefined while all is well. */
  get refusal(): ErrorData | undefined {
    return this.#phase.kind === "refused" ? this.#phase.error : this.#blocked;
  }

  get conflict(): Conflict | undefined {
    return this.#disputes.conflicts.current;
  }

  /** Nothing is sent before the person has chosen; they can go on editing. */
  get inConflict(): boolean {
    return this.#disputes.conflicts.own;
  }

  /** What the server accepts; undefined before the first connection. */
  get limits(): Welcome["limits"] | undefined {
    return this.#limits;
  }

  /** The replica is what was stored here: edits are welcome, with or without the server. */
  restored(): void {
    this.#incoming.restored();
    this.#evaluate();
  }

  /** The replica was edited, or the gate may be open. */
  edited(): void {
    this.#evaluate();
  }

  /** Resolves when everything up to now is durable on the server; rejects when it never will be. */
  saved(): Promise<void> {
    if (this.#replica.synchronised) return Promise.resolve();
    const error = this.#hopeless();
    if (error !== undefined) return Promise.reject(TuttiError.fromData(error));
    const saved = this.#saves.wait(this.#replica.edits);
    this.#outgoing.hurry(this.#replica.edits);
    this.#evaluate();
    return saved;
  }

  /** Leaves the document when what is pending is saved, or can't be. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#outgoing.hurry(this.#replica.edits);
    this.#farewell = this.#clock.schedule(FAREWELL, () => this.#finish());
    this.#evaluate();
  }

  connected(limits: Welcome["limits"]): void {
    this.#limits = limits;
    if (!isSettled(this.#phase) && this.#phase.kind !== "paused") this.#enter({ kind: "unopened" });
    this.#evaluate();
  }

  disconnected(): void {
    if (isSettled(this.#phase)) return;
    this.#enter({ kind: "disconnected" });
    this.#evaluate();
  }

  /** What is pending stays pending: it goes when the person has signed in again. */
  lockedOut(error: ErrorData): void {
    if (isSettled(this.#phase)) return;
    this.#enter({ kind: "locked out" });
    this.#host.error(error);
    if (!this.#incoming.known) this.#host.refused(error);
    this.#evaluate();
  }

  /** A conflict of edits that are not this replica's: it waits until there is no other one. */
  strand(ground: ConflictGround): void {
    this.#disputes.conflicts.add(ground);
    this.#evaluate();
  }

  stopped(error: ErrorData): void {
    if (isFinal(this.#phase)) return;
    this.#end({ kind: "stopped", error });
    this.#evaluate();
  }

  serviceChanged(): void {
    this.#evaluate();
  }

  warned(error: ErrorData): void {
    this.#host.error(error);
  }

  message(message: DocumentMessage): void {
    this.#handle(message);
    this.#evaluate();
  }

  #handle(message: DocumentMessage): void {
    switch (message.type) {
      case "opened":
        this.#guarded(() => this.#opened(message));
        break;
      case "committed":
        if (this.live) this.#guarded(() => this.#arrived(this.#incoming.committed(message)));
        break;
      case "acknowledged":
        if (this.live) this.#guarded(() => this.#arrived(this.#incoming.acknowledged(message)));
        break;
      case "rejected":
        this.#rejected(message);
        break;
      case "closed":
        this.#closedByServer(message);
        break;
      case "presence":
        if (this.live) this.#host.presence(message);
        break;
      case "attendance":
        this.#placed(message.place);
        this.#host.attendance(message);
        break;
      case "alert":
        this.#host.alert(message);
        break;
      case "failed":
        this.#host.error(message.error);
    }
  }

  #arrived(arrival: Arrival): void {
    if (arrival === "again") this.#reopen();
  }

  #opened(message: Opened): void {
    if (this.#phase.kind === "live") {
      this.#openedAgain(message);
      return;
    }
    if (this.#phase.kind !== "opening") return;
    const diverged = this.#incoming.diverged;
    const arrival = this.#incoming.opened(message, (answer, overtaken) => {
      return this.#disputes.declines(answer, overtaken, () => this.#incoming.tryOut(answer));
    });
    this.#arrived(arrival);
    // A listener may have closed the document.
    if (arrival === "taken" && this.#phase.kind === "opening") this.#becomeLive(message, diverged);
  }

  /**
   * The answer before was to the `open` of a handle that was closed meanwhile; until now the server did not listen, so
   * what was sent may be lost.
   */
  #openedAgain({ version }: Opened): void {
    if (version > this.#replica.version) this.#reopen();
    else this.#outgoing.restart();
  }

  #becomeLive(message: Opened, diverged: boolean): void {
    this.#enter({ kind: "live" });
    if (!diverged) this.#reopening.reset();
    this.#storageFails = false;
    this.#disputes.merged();
    this.#placed(message.place);
    this.#host.opened(message);
    this.#host.presence({ entries: message.presence, all: true, available: true });
    this.#heardRole(message.role);
  }

  /** @param place left out: as the role says */
  #placed(place: Attendance["place"] = "editing"): void {
    this.#viewing = place !== "editing";
    if (!this.#viewing) this.#outgoing.placed();
  }

  /** What is pending from before somebody took the right to edit away would be refused (A2). */
  #heardRole(role: Role = "editor"): void {
    const allowed = mayEdit(role);
    if (!allowed && !this.#replica.synchronised) {
      this.#block(forbidden(role));
    } else if (allowed && this.#blocked?.code === "forbidden") {
      this.#blocked = undefined;
      this.#disputes.conflicts.settle();
    }
  }

  #applied(commit: CommitEffect): void {
    this.#reopening.reset();
    this.#disputes.agreed(commit);
    if (commit.client === this.#replica.client) this.#outgoing.progressed();
    // Whoever commits something can store again, whosever it is.
    this.#storageFails = false;
    this.#host.committed(commit);
    if (commit.delta.length > 0) this.#host.changed(commit.delta);
  }

  #rejected({ sequence, error }: Rejected): void {
    if (!this.live || !this.#outgoing.awaits || sequence !== this.#replica.sequence) return;
    this.#storageFails = error.code === "storage_unavailable";
    if (error.retry) this.#outgoing.resendLater(error);
    else if (error.code === "forbidden" || this.#disputes.conflicts.atStake) this.#block(error);
    else this.#goOnWithout(error);
  }

  /** What was refused, and all behind it, changes nothing any more: nobody has to be asked. */
  #goOnWithout({ code }: ErrorData): void {
    if (code === "sequence_gap") this.#countAnew();
    else this.#replica.discard(true);
    this.#outgoing.restart();
  }

  #closedByServer({ error }: Closed): void {
    if (this.#phase.kind !== "opening" && this.#phase.kind !== "live") return;
    // Whoever opened it under this name is an earlier tab of which the last words came late: the journal is held here.
    if (error.retry || error.code === "replaced") this.#pause(error.retryAfter ?? this.#reopening.next());
    else this.#refuse(error);
  }

  /** Nothing is submitted any more; what others do still comes. */
  #block(error: ErrorData): void {
    this.#blocked = error;
    this.#saves.rejectAll(error);
    this.#host.error(error);
    this.#disputes.conflicts.refused(error);
  }

  #refuse(error: ErrorData): void {
    this.#leave();
    this.#end({ kind: "refused", error });
    if (this.#incoming.known) this.#disputes.conflicts.closed(error);
  }

  #suspended(untilChosen: boolean): void {
    this.#leave();
    if (untilChosen) this.#enter({ kind: "halted" });
    else this.#pause(this.#reopening.next());
  }

  /** The person chose what becomes of a conflict. */
  #resolved(choice: Choice): void {
    const halted = this.#phase.kind === "halted";
    this.#disputes.chosen(halted && choice === "merge");
    // The content is asked for, and not what led to it: something of it may have been in flight.
    if (halted) this.#incoming.markDiverged();
    if (choice === "discard") this.#discard();
    else if (this.live && this.#blocked?.code === "sequence_gap") this.#countAnew();
    if (choice === "merge" || this.#blocked?.code !== "forbidden") this.#blocked = undefined;
    this.#outgoing.restart();
    if (halted || (this.#phase.kind === "refused" && choice === "merge")) {
      this.#enter({ kind: this.#link.reach === "connected" ? "unopened" : "disconnected" });
    }
    this.#evaluate();
  }

  /** The content comes, and with it how the server counts what it has from here. */
  #countAnew(): void {
    this.#disputes.chosen(true);
    this.#incoming.markDiverged();
    this.#reopen();
  }

  #discard(): void {
    const delta = this.#replica.discard(this.#blocked !== undefined && this.#blocked.code !== "forbidden");
    this.#saves.rejectAll(new TuttiError("unexpected_message", "the edits were discarded").toData());
    if (delta.length > 0) this.#host.changed(delta);
  }

  #end(phase: HopelessPhase): void {
    this.#enter(phase);
    this.#saves.rejectAll(phase.error);
    this.#host.error(phase.error);
    if (!this.#incoming.known) this.#host.refused(phase.error);
  }

  /** Why what is pending will never be saved; undefined while it may. */
  #hopeless(): ErrorData | undefined {
    if (this.#phase.kind === "closed") return gone();
    return "error" in this.#phase ? this.#phase.error : this.#blocked;
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof Divergence) this.#repair(error);
      else if (error instanceof CodeMissing) this.#suspended(false);
      else throw error;
    }
  }

  /** Frozen until the content is here; after too many times in a row, until the person has chosen (C6). */
  #repair(divergence: Divergence): void {
    // Only a server that can store says what does not fit.
    this.#storageFails = false;
    this.#incoming.markDiverged();
    this.#disputes.diverged(divergence);
  }

  /** A gap: asks for what is missing. */
  #reopen(): void {
    this.#leave();
    this.#enter({ kind: "unopened" });
  }

  #pause(delay: number): void {
    const retry = this.#clock.schedule(Math.max(delay, SHORTEST_PAUSE), () => {
      this.#phase = { kind: "unopened" };
      this.#evaluate();
    });
    this.#enter({ kind: "paused", retry });
  }

  #leave(): void {
    this.#link.send({ type: "close", document: this.document });
  }

  #enter(phase: Phase): void {
    if (this.#phase.kind === "paused") this.#phase.retry();
    if (this.#phase.kind === "locked out" && !this.#incoming.known && !isFinal(phase)) this.#host.hoped();
    this.#phase = phase;
    this.#outgoing.restart();
  }

  /** Decides, after every event, what is sent. */
  #evaluate(): void {
    if (this.#phase.kind === "disconnected" && !this.#replica.synchronised) this.#link.rouse();
    if (this.#phase.kind === "unopened") this.#open();
    if (this.live && this.#blocked === undefined && !this.#viewing) this.#submit();
    this.#saves.reached(this.#replica.savedEdits);
    if (this.#closing && !this.#mayStillSave()) this.#finish();
    this.#host.settled();
  }

  #open(): void {
    const request = this.#incoming.request(this.document);
    this.#enter({ kind: "opening" });
    this.#link.send({ ...request, ...this.#introduction?.() });
  }

  #submit(): void {
    const error = this.#outgoing.submit(this.#limits);
    if (error !== undefined) this.#block(error);
  }

  #mayStillSave(): boolean {
    if (this.#replica.synchronised || this.#blocked !== undefined) return false;
    if (this.#viewing && !this.#outgoing.awaits) return false;
    const { kind } = this.#phase;
    return kind !== "disconnected" && kind !== "locked out" && !isSettled(this.#phase);
  }

  #finish(): void {
    if (this.#phase.kind === "closed") return;
    if (this.#phase.kind === "live" || this.#phase.kind === "opening") this.#leave();
    this.#farewell?.();
    const { refusal } = this;
    this.#enter({ kind: "closed" });
    this.#outgoing.stop();
    this.#disputes.conflicts.end();
    this.#saves.rejectAll(gone());
    if (!this.#incoming.known) this.#host.refused(gone());
    this.#link.detach(this);
    this.#host.settled();
    this.#host.closed(refusal);
  }
}

const gone = () => new TuttiError("unexpected_message", "the document was closed").toData();
