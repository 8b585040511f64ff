import {
  acknowledge,
  compose,
  Document,
  edit,
  equalOperations,
  flush,
  type IdenticalInserts,
  invert,
  type Operation,
  OperationError,
  receive,
  type SyncState,
  synchronised,
} from "@tutti/ot";
import type { Change } from "@tutti/protocol";
import { preserves } from "../conflict/preserved.js";
import { difference } from "./difference.js";
import { Divergence } from "./divergence.js";
import { splitOperation } from "./splitting.js";

/** How what is pending is moved over commits of others; tests put a wrong one in its place (C6). */
export interface RebaseEngine {
  readonly receive: typeof receive;
}

/**
 * A change as the server tells it; without a checksum where the server only confirms a repetition, or does not know it
 * any more. `versions`: how many it makes, 1 when left out. A change of this replica's own has its operation where the
 * server does not know any more over which pieces it was transformed.
 */
export type Commit = Omit<Change, "user" | "checksum"> & { readonly checksum?: number | undefined };

/** Told of every step of a replica, after it was taken: repeating them on the same state gives the same replica (C3). */
export interface ReplicaObserver {
  edited(operation: Operation): void;
  putInFlight(flight: Flight): void;
  committed(change: Commit): void;
  /** A whole content came: what was told before leads nowhere any more. */
  replaced(): void;
  /** The document has another setting than before. */
  configured(identicalInserts: IdenticalInserts): void;
}

/** How an operation was put in flight; `budget` as of `Replica.flush`. */
export interface Flight {
  readonly sequence: number;
  readonly budget: number;
  readonly operation: Operation;
}

/** All that a replica is. */
export interface ReplicaState {
  readonly client: string;
  readonly version: number;
  readonly base: Document;
  readonly sequence: number;
  readonly inFlight: Operation | undefined;
  readonly buffer: Operation | undefined;
  readonly identicalInserts: IdenticalInserts;
  /** Edits that are not durable on the server; and how many of them will be when what is in flight is. */
  readonly unsaved: number;
  readonly unsavedInFlight: number;
}

/** What a commit did. */
export interface Committed {
  /** It leads from version `from` to `version`. */
  readonly from: number;
  readonly version: number;
  readonly client: string;
  /** As the server has it. */
  readonly operation: Operation;
  /** As it applies to what the person sees; nothing where it is this replica's own edit as it was made. */
  readonly delta: Operation;
}

/**
 * A document of which the server has one half and this client the other:
 *
 *     base (the server's document at `version`)  --inFlight-->  ·  --buffer-->  visible
 *
 * Invariants; the tests cite them by number.
 *  1. Applying what is pending to `base` gives `visible`.
 *  2. `base` has the checksum that the server gave for `version`.
 *  3. At most one operation is in flight; its sequence is `sequence`, and every lower one is acknowledged (C2).
 *  4. A method that throws has changed nothing.
 */
export class Replica {
  /** Told what happens from now on. */
  observer: ReplicaObserver | undefined;
  #client: string;
  #identicalInserts: IdenticalInserts = "merge";
  #base = Document.empty;
  #visible = Document.empty;
  #state: SyncState = synchronised(0);
  #sequence = 0;
  #edits = 0;
  /** How many of the edits, from the first on, are durable; and how many will be when what is in flight is. */
  #savedEdits = 0;
  #savedEditsNext = 0;
  readonly #engine: RebaseEngine;

  /** @param client names the author of the edits to come */
  constructor(client: string, engine: RebaseEngine = { receive }) {
    this.#client = client;
    this.#engine = engine;
  }

  /** The author of the edits. */
  get client(): string {
    return this.#client;
  }

  /** The setting of the document (E5): the server's, or both come to different texts. */
  get identicalInserts(): IdenticalInserts {
    return this.#identicalInserts;
  }

  set identicalInserts(setting: IdenticalInserts) {
    if (setting === this.#identicalInserts) return;
    this.#identicalInserts = setting;
    this.observer?.configured(setting);
  }

  get visible(): Document {
    return this.#visible;
  }

  get base(): Document {
    return this.#base;
  }

  get version(): number {
    return this.#state.version;
  }

  /** Of the newest operation that is, or was, in flight; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  get inFlight(): Operation | undefined {
    return "inFlight" in this.#state ? this.#state.inFlight : undefined;
  }

  get buffer(): Operation | undefined {
    return "buffer" in this.#state ? this.#state.buffer : undefined;
  }

  /** What the server does not have yet, in the order in which it applies to `base`. */
  get pending(): readonly Operation[] {
    return pendingOf(this.#state);
  }

  get synchronised(): boolean {
    return this.#state.kind === "synchronised";
  }

  /** Edits ever made here. */
  get edits(): number {
    return this.#edits;
  }

  /** How many of the edits, from the first on, are durable. */
  get savedEdits(): number {
    return this.#savedEdits;
  }

  /** How many of the edits, from the first on, have nothing in the buffer any more. */
  get flushedEdits(): number {
    return "buffer" in this.#state ? Math.max(this.#savedEditsNext, this.#savedEdits) : this.#edits;
  }

  /** @throws OperationError when the operation does not fit */
  edit(operation: Operation): void {
    this.#visible = this.#visible.apply(operation);
    this.#edits += 1;
    this.#enter(edit(this.#state, operation));
    this.observer?.edited(operation);
  }

  /**
   * Puts what was buffered in flight, where nothing is.
   * @param budget the largest part to put in flight at once: see `splitOperation`
   * @returns true when there is a new operation to send
   */
  flush(budget: number): boolean {
    if (this.#state.kind !== "buffered") return false;
    const { version, buffer } = this.#state;
    const [first, rest] = splitOperation(buffer, budget);
    this.#sequence += 1;
    // An edit counts as unsaved until the last part of it is saved.
    this.#savedEditsNext = rest === undefined ? this.#edits : Math.max(this.#savedEditsNext, this.#savedEdits);
    const flushed = flush({ kind: "buffered", version, buffer: first });
    this.#enter(rest === undefined ? flushed : edit(flushed, rest));
    this.observer?.putInFlight({ sequence: this.#sequence, budget, operation: first });
    return true;
  }

  /** All that there is to it. O(what is pending). */
  get state(): ReplicaState {
    return {
      client: this.#client,
      version: this.version,
      base: this.#base,
      sequence: this.#sequence,
      inFlight: this.inFlight,
      buffer: this.buffer,
      identicalInserts: this.#identicalInserts,
      unsaved: this.#edits - this.#savedEdits,
      unsavedInFlight: Math.max(0, this.#savedEditsNext - this.#savedEdits),
    };
  }

  /**
   * Becomes what another replica was.
   * @throws Divergence when the parts of the state do not fit together; nothing is changed then
   */
  restore(state: ReplicaState): void {
    const { base, inFlight, buffer } = state;
    const pending = [inFlight, buffer].filter((operation) => operation !== undefined);
    const visible = fitted(() => applied(pending, base));
    this.#client = state.client;
    this.#identicalInserts = state.identicalInserts;
    this.#base = base;
    this.#visible = visible;
    this.#sequence = state.sequence;
    this.#edits = state.unsaved;
    this.#savedEdits = 0;
    this.#savedEditsNext = state.unsavedInFlight;
    this.#enter(syncState(state));
  }

  /**
   * The server committed the next version, or several at once.
   * @throws Divergence
   */
  commit(change: Commit): Committed {
    const made = this.#commit(change);
    this.observer?.committed(change);
    return made;
  }

  #commit(change: Commit): Committed {
    const from = this.version;
    const versions = change.versions ?? 1;
    const made = { from, version: from + versions, client: change.client };
    if (change.client === this.client && versions === 1) return { ...made, ...this.#commitOwn(change) };
    if (!change.operation) throw new Divergence(`version ${made.version} came without its operation`);
    const { operation } = change;
    return { ...made, operation, delta: this.#commitTheirs(operation, versions, change.checksum) };
  }

  /**
   * Takes a whole content from the server; pending edits are kept and moved over the stretch that differs.
   * @param committed the newest sequence of this client that is part of the content
   * @returns what changes in what the person sees
   * @throws Divergence when content and checksum do not belong together, or something pending would get lost
   */
  replace(content: Operation, version: number, checksum: number, committed: number): Operation {
    const next = Document.fromOperation(content);
    if (next.checksum !== checksum) {
      const mismatch = { version, expected: checksum, actual: next.checksum };
      throw new Divergence(`the content of version ${version} has another checksum`, mismatch);
    }
    checkEqual(
      fitted(() => applied(this.pending, this.#base)),
      this.#visible,
      this.version,
    );
    const included = this.inFlight !== undefined && committed >= this.#sequence;
    const base = included ? fitted(() => this.#base.apply(this.inFlight ?? [])) : this.#base;
    const before = included ? acknowledge(this.#state) : this.#state;
    const moved = difference(base, next);
    const { state, apply } = this.#engine.receive(before, moved, this.#identicalInserts);
    if (!preserves(pendingOf(before), pendingOf(state), moved)) {
      throw new Divergence("pending text would get lost");
    }
    const visible = fitted(() => applied(pendingOf(state), next));
    checkEqual(
      fitted(() => this.#visible.apply(apply)),
      visible,
      version,
    );
    const delta = difference(this.#visible, visible);
    this.#base = next;
    this.#visible = visible;
    if (included) this.#savedEdits = this.#savedEditsNext;
    // With nothing in flight the server knows best: it may have been restored from an older state.
    this.#sequence = this.inFlight === undefined ? committed : Math.max(this.#sequence, committed);
    this.#enter({ ...state, version });
    this.observer?.replaced();
    return delta;
  }

  /**
   * What was in flight counts as never sent, since the server has other edits under its sequence: with the rest of what is
   * pending it gets a new one. Only before a whole content is taken, which says what the newest sequence is.
   */
  recall(): void {
    const { version, pending } = this;
    if (this.inFlight === undefined) return;
    this.#savedEditsNext = this.#savedEdits;
    this.#enter({ kind: "buffered", version, buffer: pending.reduce((first, second) => compose(first, second), []) });
  }

  /** @throws Divergence when the server's version or checksum is not that of `base` */
  verify(version: number, checksum: number): void {
    if (version !== this.version) throw new Divergence(`expected version ${version}, have ${this.version}`);
    const actual = this.#base.checksum;
    if (checksum !== actual) {
      throw new Divergence(`version ${version} has another checksum`, { version, expected: checksum, actual });
    }
  }

  /**
   * Gives up what is pending.
   * @param refused the server has said that it will never take what is in flight; otherwise it may have it already, and
   *   the same sequence goes out with nothing in it
   * @returns what changes in what the person sees
   */
  discard(refused: boolean): Operation {
    const { inFlight, pending, version } = this;
    const whole = pending.reduce((first, second) => compose(first, second), []);
    const delta = invert(whole, this.#base);
    this.#visible = this.#base;
    const nothing = inFlight === undefined || refused;
    if (inFlight !== undefined && refused) this.#sequence -= 1;
    this.#savedEditsNext = this.#edits;
    this.#enter(nothing ? synchronised(version) : { kind: "in_flight", version, inFlight: [] });
    this.observer?.replaced();
    return delta;
  }

  /** A new one for another author, with the same engine. */
  another(client: string): Replica {
    return new Replica(client, this.#engine);
  }

  /** Another replica in the same state: to try out what would become of it. */
  fork(): Replica {
    const copy = this.another(this.client);
    copy.restore(this.state);
    return copy;
  }

  #commitOwn({ sequence, checksum, operation: told }: Commit): Pick<Committed, "operation" | "delta"> {
    const mine = this.inFlight;
    if (mine === undefined || sequence !== this.#sequence) {
      throw new Divergence(`sequence ${sequence} was committed, but is not in flight`);
    }
    if (told !== undefined && !equalOperations(told, mine)) return this.#commitOtherwise(mine, told, checksum);
    const base = this.#advance(mine, 1, checksum);
    const settled = this.buffer === undefined;
    if (settled) checkEqual(base, this.#visible, this.version + 1);
    this.#base = base;
    // Both halves are one now, and share their memory.
    if (settled) this.#visible = base;
    this.#savedEdits = this.#savedEditsNext;
    this.#enter(acknowledge(this.#state));
    return { operation: mine, delta: [] };
  }

  /**
   * What was in flight was committed with another effect than is seen here: the server transformed it over history that
   * was cut elsewhere than this replica was told it. What the server has counts; the difference comes like an edit of
   * somebody else's.
   */
  #commitOtherwise(mine: Operation, told: Operation, checksum: number | undefined) {
    const base = this.#advance(told, 1, checksum);
    const moved = difference(
      fitted(() => this.#base.apply(mine)),
      base,
    );
    const { state, apply } = this.#engine.receive(acknowledge(this.#state), moved, this.#identicalInserts, 0);
    this.#visible = this.#moved(base, state, apply);
    this.#base = base;
    this.#savedEdits = this.#savedEditsNext;
    this.#enter(state);
    return { operation: told, delta: apply };
  }

  #commitTheirs(operation: Operation, versions: number, checksum: number | undefined): Operation {
    const base = this.#advance(operation, versions, checksum);
    const { state, apply } = this.#engine.receive(this.#state, operation, this.#identicalInserts, versions);
    this.#visible = this.#moved(base, state, apply);
    this.#base = base;
    this.#enter(state);
    return apply;
  }

  /**
   * What the person sees after a change of others.
   * @throws Divergence where both ways to it, over what is seen and over what is pending, do not meet (TP1)
   */
  #moved(base: Document, state: SyncState, apply: Operation): Document {
    if (this.synchronised) return base;
    const visible = fitted(() => this.#visible.apply(apply));
    const pending = pendingOf(state);
    // What was written while away for long is only compared when all of it is saved.
    if (pending.reduce((sum, operation) => sum + operation.length, 0) <= COMPARED) {
      const meant = fitted(() => applied(pending, base));
      checkEqual(meant, visible, state.version);
    }
    // Both halves are one now, and share their memory.
    return pending.length === 0 ? base : visible;
  }

  #enter(state: SyncState): void {
    this.#state = state;
    // Also where nothing is left of an edit: typed and deleted again, or made by somebody else as well.
    if (state.kind === "synchronised") this.#savedEdits = this.#edits;
  }

  #advance(operation: Operation, versions: number, checksum: number | undefined): Document {
    const next = fitted(() => this.#base.apply(operation));
    if (checksum !== undefined && next.checksum !== checksum) {
      const version = this.version + versions;
      const mismatch = { version, expected: checksum, actual: next.checksum };
      throw new Divergence(`version ${version} has another checksum`, mismatch);
    }
    return next;
  }
}

/** Components of pending operations up to which they are applied once more with every commit, to compare. */
const COMPARED = 200;

/** @throws Divergence when what is seen is not what it should be */
function checkEqual({ checksum: expected }: Document, { checksum: actual }: Document, version: number): void {
  if (expected !== actual) throw new Divergence("what is seen is not what is saved", { version, expected, actual });
}

const applied = (operations: readonly Operation[], document: Document): Document =>
  operations.reduce((reached, operation) => reached.apply(operation), document);

/** What is pending, in the order in which it applies. */
function pendingOf(state: SyncState): readonly Operation[] {
  const inFlight = "inFlight" in state ? [state.inFlight] : [];
  return "buffer" in state ? [...inFlight, state.buffer] : inFlight;
}

function syncState({ version, inFlight, buffer }: ReplicaState): SyncState {
  const sent: SyncState = inFlight === undefined ? synchronised(version) : { kind: "in_flight", version, inFlight };
  return buffer === undefined ? sent : edit(sent, buffer);
}

function fitted<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof OperationError) throw new Divergence(error.message);
    throw error;
  }
}
