import type { Operation } from "@tutti/ot";
import {
  type Acknowledged,
  type Cancel,
  type Change,
  type Clock,
  type Closed,
  type Committed,
  type ErrorData,
  type Opened,
  type PresenceEntry,
  type Random,
  type Rejected,
  type Submit,
  TuttiError,
  type Welcome,
} from "@tutti/protocol";
import { Backoff } from "../connection/backoff.js";
import type { Channel, DocumentMessage, Link } from "../connection/link.js";
import { ArrivingContent } from "./arriving-content.js";
import { type Committed as CommitEffect, Divergence, type Replica } from "./replica.js";
import { Saves } from "./saves.js";

/** Who is told what happens to the document. */
export interface Host {
  /** The document is open for the first time; kind and title are known. */
  opened(message: Opened): void;
  /** What the person sees changed by somebody else's doing. */
  changed(delta: Operation): void;
  /** A version was committed by the server. */
  committed(commit: CommitEffect): void;
  /** Others moved; `all`: these are all there are. */
  presence(entries: readonly PresenceEntry[], all: boolean): void;
  error(error: ErrorData): void;
  /** The document will never be ready. */
  refused(error: ErrorData): void;
  /** After every event, when all has been decided. */
  settled(): void;
}

/**
 * Where the document stands with the server:
 *
 *     disconnected → unopened → opening → live                (and back to disconnected at any time)
 *                       ↑ later  `open`     `opened` came
 *                     paused: trying again in a while         refused, stopped, closed: never again
 */
type Phase =
  | { readonly kind: "disconnected" }
  | { readonly kind: "unopened" }
  | { readonly kind: "opening" }
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly retry: Cancel }
  | { readonly kind: "refused"; readonly error: ErrorData }
  | { readonly kind: "stopped"; readonly error: ErrorData }
  | { readonly kind: "closed" };

/** What is known of the operation in flight on this connection; "held": the server wants to be asked again later. */
type Delivery = { readonly kind: "unsent" } | { readonly kind: "sent" } | { readonly kind: "held"; retry: Cancel };

/** Before a document is opened again (ms), even where the server says "at once": a circle of the two must not spin. */
const SHORTEST_PAUSE = 100;
/** How long a document that was closed waits for the acknowledgement of its last edits, in milliseconds. */
const FAREWELL = 5000;

/**
 * Keeps one replica and the server together. Every event (a message, a lost connection, an edit, a timer) changes the
 * state, and then `#evaluate` alone decides what is sent. The tests cite these invariants by number:
 *
 *  1. Nothing but `open` and `close` is sent unless the document is live.
 *  2. An operation is sent once each time the document becomes live, and again only when the server asks for it;
 *     always with the same sequence (S2).
 *  3. A commit is applied exactly once and in order of versions, however often it arrives.
 *  4. After a permanent refusal nothing is submitted any more; the person's text stays.
 *  5. What diverged is never submitted: the document is opened anew first (C6).
 */
export class Synchroniser implements Channel {
  readonly document: string;
  readonly #replica: Replica;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #host: Host;
  readonly #saves = new Saves();
  readonly #arriving = new ArrivingContent();
  readonly #reopening: Backoff;
  readonly #resending: Backoff;
  #phase: Phase = { kind: "disconnected" };
  #delivery: Delivery = { kind: "unsent" };
  #limits: Welcome["limits"] | undefined;
  /** The content was here once: from then on changes are enough. */
  #known = false;
  /** The replica diverged: changes are not enough, the content must come. */
  #diverged = false;
  /** The server was told that the content will do as well as what changed. */
  #choice = false;
  #blocked: ErrorData | undefined;
  #storageFails = false;
  #closing = false;
  #lastSent = Number.NEGATIVE_INFINITY;
  #pacing: Cancel | undefined;
  #farewell: Cancel | undefined;

  constructor(
    document: string,
    replica: Replica,
    outside: { readonly link: Link; readonly clock: Clock; readonly random: Random },
    host: Host,
  ) {
    this.document = document;
    this.#replica = replica;
    this.#link = outside.link;
    this.#clock = outside.clock;
    this.#reopening = new Backoff(outside.random);
    this.#resending = new Backoff(outside.random);
    this.#host = host;
  }

  get live(): boolean {
    return this.#phase.kind === "live";
  }

  get closed(): boolean {
    return this.#phase.kind === "closed";
  }

  /** The content is here, and edits are welcome. */
  get editable(): boolean {
    return this.#known && !this.#closing;
  }

  get storageFails(): boolean {
    return this.#storageFails;
  }

  /** Why the server takes nothing more from here; undefined while all is well. */
  get refusal(): ErrorData | undefined {
    return this.#phase.kind === "refused" ? this.#phase.error : this.#blocked;
  }

  /** What the server accepts; undefined before the first connection. */
  get limits(): Welcome["limits"] | undefined {
    return this.#limits;
  }

  /** The replica was edited. */
  edited(): void {
    this.#evaluate();
  }

  /** Resolves when everything up to now is durable on the server; rejects when it never will be. */
  saved(): Promise<void> {
    if (this.#replica.synchronised) return Promise.resolve();
    const error = this.#hopeless();
    return error === undefined ? this.#saves.wait(this.#replica.edits) : Promise.reject(TuttiError.fromData(error));
  }

  /** Leaves the document when what is pending is saved, or can't be. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#farewell = this.#clock.schedule(FAREWELL, () => this.#finish());
    this.#evaluate();
  }

  connected(limits: Welcome["limits"]): void {
    this.#limits = limits;
    if (this.#phase.kind === "disconnected") this.#phase = { kind: "unopened" };
    this.#evaluate();
  }

  disconnected(): void {
    if (this.#ended()) return;
    this.#enter({ kind: "disconnected" });
    this.#evaluate();
  }

  stopped(error: ErrorData): void {
    if (this.#ended()) return;
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
        this.#guarded(() => this.#committed(message));
        break;
      case "acknowledged":
        this.#guarded(() => this.#acknowledged(message));
        break;
      case "rejected":
        this.#rejected(message);
        break;
      case "closed":
        this.#closedByServer(message);
        break;
      case "presence":
        if (this.live) this.#host.presence(message.entries, false);
    }
  }

  #opened(answer: Opened): void {
    const message = this.#arriving.take(answer);
    if (message === undefined) return;
    if (this.#phase.kind === "live") {
      this.#openedAgain(message);
      return;
    }
    if (this.#phase.kind !== "opening") return;
    const { content } = message;
    if (content && this.#choice && !this.#replica.synchronised) {
      // Somebody typed in the meantime: what changed is needed after all, to know where that belongs.
      this.#reopen();
      return;
    }
    if (content && this.#known && !this.#diverged && !this.#replica.synchronised) {
      // The server has lost the changes in between, so where the pending edits belong is not known exactly.
      this.#refuse({ code: "internal", message: "the server no longer has what changed meanwhile", retry: false });
      return;
    }
    // Before anything is transformed; a server that does not know the setting merges.
    this.#replica.identicalInserts = message.identicalInserts ?? "merge";
    if (content) this.#takeContent(message, content);
    else this.#catchUp(message, message.changes ?? []);
    // A listener may have closed the document.
    if (this.#phase.kind === "opening") this.#becomeLive(message);
  }

  /**
   * The answer before was to the `open` of a handle that was closed meanwhile; until now the server did not listen, so
   * what was sent may be lost.
   */
  #openedAgain({ version }: Opened): void {
    if (version > this.#replica.version) this.#reopen();
    else this.#setDelivery({ kind: "unsent" });
  }

  #becomeLive(message: Opened): void {
    this.#enter({ kind: "live" });
    if (!this.#diverged) this.#reopening.reset();
    const first = !this.#known;
    this.#known = true;
    this.#diverged = false;
    this.#storageFails = false;
    if (first) this.#host.opened(message);
    this.#host.presence(message.presence, true);
  }

  #takeContent({ version, checksum, sequence }: Opened, content: Operation): void {
    const delta = this.#replica.replace(content, version, checksum, sequence);
    if (this.#known && delta.length > 0) this.#host.changed(delta);
  }

  #catchUp(message: Opened, changes: readonly Change[]): void {
    if (!this.#known || this.#diverged) throw new Divergence("the content was asked for, and did not come");
    const versions = changes.reduce((sum, change) => sum + (change.versions ?? 1), 0);
    this.#apply(message.version - versions + 1, changes);
    this.#replica.verify(message.version, message.checksum);
    if (this.#replica.inFlight !== undefined && message.sequence >= this.#replica.sequence) {
      throw new Divergence(`sequence ${message.sequence} is committed, but did not come`);
    }
  }

  #committed(message: Committed): void {
    if (!this.live) return;
    if (message.version > this.#replica.version + 1) this.#reopen();
    else this.#apply(message.version, message.changes);
  }

  /** @param version the first one that the first of the changes makes */
  #apply(version: number, changes: readonly Change[]): void {
    let from = version - 1;
    for (const change of changes) {
      const to = from + (change.versions ?? 1);
      if (to > this.#replica.version) {
        if (from !== this.#replica.version) throw new Divergence(`versions ${from + 1} to ${to} came as one`);
        this.#applied(this.#replica.commit(change));
      }
      from = to;
    }
  }

  #applied(commit: CommitEffect): void {
    this.#reopening.reset();
    if (commit.client === this.#replica.client) this.#progressed();
    this.#host.committed(commit);
    if (commit.delta.length > 0) this.#host.changed(commit.delta);
  }

  /** What was in flight is durable. */
  #progressed(): void {
    this.#setDelivery({ kind: "unsent" });
    this.#resending.reset();
    this.#storageFails = false;
  }

  #acknowledged({ sequence, version }: Acknowledged): void {
    if (!this.live || version <= this.#replica.version) return;
    if (version > this.#replica.version + 1) {
      this.#reopen();
      return;
    }
    this.#applied(this.#replica.commit({ client: this.#replica.client, sequence, checksum: undefined }));
  }

  #rejected({ sequence, error }: Rejected): void {
    if (!this.live || this.#delivery.kind !== "sent" || sequence !== this.#replica.sequence) return;
    this.#storageFails = error.code === "storage_unavailable";
    if (!error.retry) {
      this.#block(error);
      return;
    }
    const retry = this.#clock.schedule(error.retryAfter ?? this.#resending.next(), () => {
      this.#delivery = { kind: "unsent" };
      this.#evaluate();
    });
    this.#setDelivery({ kind: "held", retry });
  }

  #closedByServer({ error }: Closed): void {
    if (this.#phase.kind !== "opening" && this.#phase.kind !== "live") return;
    if (error.retry) this.#pause(error.retryAfter ?? this.#reopening.next());
    else this.#refuse(error);
  }

  /** Nothing is submitted any more; what others do still comes. */
  #block(error: ErrorData): void {
    this.#blocked = error;
    this.#saves.rejectAll(error);
    this.#host.error(error);
  }

  #refuse(error: ErrorData): void {
    this.#leave();
    this.#end({ kind: "refused", error });
  }

  #end(phase: Extract<Phase, { readonly error: ErrorData }>): void {
    this.#enter(phase);
    this.#saves.rejectAll(phase.error);
    this.#host.error(phase.error);
    if (!this.#known) this.#host.refused(phase.error);
  }

  #ended(): boolean {
    return this.#phase.kind === "refused" || this.#phase.kind === "stopped" || this.#phase.kind === "closed";
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
      if (!(error instanceof Divergence)) throw error;
      this.#diverged = this.#known;
      this.#leave();
      this.#pause(this.#reopening.next());
      this.#host.error({ code: "internal", message: error.message, retry: true });
    }
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
    this.#phase = phase;
    this.#setDelivery({ kind: "unsent" });
  }

  #setDelivery(delivery: Delivery): void {
    if (this.#delivery.kind === "held") this.#delivery.retry();
    this.#delivery = delivery;
  }

  /** Decides, after every event, what is sent. */
  #evaluate(): void {
    if (this.#phase.kind === "disconnected" && !this.#replica.synchronised) this.#link.rouse();
    if (this.#phase.kind === "unopened") this.#open();
    if (this.#phase.kind === "live" && this.#blocked === undefined) this.#submit();
    this.#saves.reached(this.#replica.savedEdits);
    if (this.#closing && !this.#mayStillSave()) this.#finish();
    this.#host.settled();
  }

  #open(): void {
    const { client, version, synchronised } = this.#replica;
    const open = { type: "open", document: this.document, client, pieces: true } as const;
    const changes = this.#known && !this.#diverged;
    this.#choice = changes && synchronised;
    this.#arriving.clear();
    this.#enter({ kind: "opening" });
    this.#link.send(changes ? { ...open, version, ...(synchronised && { content: true }) } : open);
  }

  #submit(): void {
    if (this.#replica.inFlight === undefined && this.#waitsForPace()) return;
    if (this.#replica.flush(this.#budget())) this.#setDelivery({ kind: "unsent" });
    const { inFlight, sequence, version } = this.#replica;
    if (inFlight === undefined || this.#delivery.kind !== "unsent") return;
    const submit: Submit = { type: "submit", document: this.document, sequence, version, operation: inFlight };
    this.#delivery = { kind: "sent" };
    this.#lastSent = this.#clock.now();
    if (!this.#link.send(submit)) {
      this.#block(new TuttiError("operation_too_large", "an edit is larger than one message may be").toData());
    }
  }

  /** The server wants fewer and larger operations: what is typed meanwhile becomes part of the next one (S7, C10). */
  #waitsForPace(): boolean {
    const wait = this.#lastSent + this.#link.service.pace - this.#clock.now();
    if (wait <= 0) return false;
    this.#pacing ??= this.#clock.schedule(wait, () => {
      this.#pacing = undefined;
      this.#evaluate();
    });
    return true;
  }

  /** Units of one operation: well below a frame, whatever the encoding makes of them. */
  #budget(): number {
    if (this.#limits === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(this.#limits.insertLength, Math.floor(this.#limits.frameBytes / 8));
  }

  #mayStillSave(): boolean {
    if (this.#replica.synchronised || this.#blocked !== undefined) return false;
    return this.#phase.kind !== "disconnected" && !this.#ended();
  }

  #finish(): void {
    if (this.#phase.kind === "closed") return;
    if (this.#phase.kind === "live" || this.#phase.kind === "opening") this.#leave();
    this.#farewell?.();
    this.#pacing?.();
    this.#enter({ kind: "closed" });
    this.#saves.rejectAll(gone());
    if (!this.#known) this.#host.refused(gone());
    this.#link.detach(this);
    this.#host.settled();
  }
}

const gone = () => new TuttiError("unexpected_message", "the document was closed").toData();
