import {
  acknowledge,
  Document,
  diff,
  edit,
  equalOperations,
  flush,
  type IdenticalInserts,
  type Operation,
  OperationError,
  receive,
  type SyncState,
  synchronised,
} from "@tutti/ot";
import type { Change } from "@tutti/protocol";
import { splitOperation } from "./splitting.js";

/** This replica and the server do not hold the same document, or the server broke the protocol (C6, E9). */
export class Divergence extends Error {}

/**
 * A change as the server tells it; without a checksum where the server only confirms a repetition, or does not know it
 * any more. `versions`: how many it makes, 1 when left out. A change of this replica's own has its operation where the
 * server does not know any more over which pieces it was transformed.
 */
export type Commit = Omit<Change, "user" | "checksum"> & { readonly checksum?: number | undefined };

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
  readonly client: string;
  /** The setting of the document (E5): the server's, or both come to different texts. */
  identicalInserts: IdenticalInserts = "merge";
  #base = Document.empty;
  #visible = Document.empty;
  #state: SyncState = synchronised(0);
  #sequence = 0;
  #edits = 0;
  /** How many of the edits, from the first on, are durable; and how many will be when what is in flight is. */
  #savedEdits = 0;
  #savedEditsNext = 0;

  /** @param client names the author of the edits to come */
  constructor(client: string) {
    this.client = client;
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

  /** @throws OperationError when the operation does not fit */
  edit(operation: Operation): void {
    this.#visible = this.#visible.apply(operation);
    this.#edits += 1;
    this.#enter(edit(this.#state, operation));
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
    const flushed = flush({ kind: "buffered", version, buffer: first });
    this.#sequence += 1;
    // An edit counts as unsaved until the last part of it is saved.
    if (rest === undefined) this.#savedEditsNext = this.#edits;
    this.#enter(rest === undefined ? flushed : edit(flushed, rest));
    return true;
  }

  /**
   * The server committed the next version, or several at once.
   * @throws Divergence
   */
  commit(change: Commit): Committed {
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
   * @throws Divergence when content and checksum do not belong together
   */
  replace(content: Operation, version: number, checksum: number, committed: number): Operation {
    const next = Document.fromOperation(content);
    if (next.checksum !== checksum) throw new Divergence(`the content of version ${version} has another checksum`);
    const included = this.inFlight !== undefined && committed >= this.#sequence;
    const base = included ? this.#base.apply(this.inFlight ?? []) : this.#base;
    const before = included ? acknowledge(this.#state) : this.#state;
    const { state } = receive(before, diff(base, next), this.identicalInserts);
    const visible = pendingOf(state).reduce((document, operation) => document.apply(operation), next);
    const delta = diff(this.#visible, visible);
    this.#base = next;
    this.#visible = visible;
    if (included) this.#savedEdits = this.#savedEditsNext;
    this.#enter({ ...state, version });
    return delta;
  }

  /** @throws Divergence when the server's version or checksum is not that of `base` */
  verify(version: number, checksum: number): void {
    if (version !== this.version) throw new Divergence(`expected version ${version}, have ${this.version}`);
    if (checksum !== this.#base.checksum) throw new Divergence(`version ${version} has another checksum`);
  }

  #commitOwn({ sequence, checksum, operation: told }: Commit): Pick<Committed, "operation" | "delta"> {
    const mine = this.inFlight;
    if (mine === undefined || sequence !== this.#sequence) {
      throw new Divergence(`sequence ${sequence} was committed, but is not in flight`);
    }
    if (told !== undefined && !equalOperations(told, mine)) return this.#commitOtherwise(mine, told, checksum);
    const base = this.#advance(mine, 1, checksum);
    const settled = this.buffer === undefined;
    if (settled && base.checksum !== this.#visible.checksum) throw new Divergence("what is seen is not what is saved");
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
    const difference = diff(
      fitted(() => this.#base.apply(mine)),
      base,
    );
    const { state, apply } = receive(acknowledge(this.#state), difference, this.identicalInserts, 0);
    this.#visible = state.kind === "synchronised" ? base : this.#visible.apply(apply);
    this.#base = base;
    this.#savedEdits = this.#savedEditsNext;
    this.#enter(state);
    return { operation: told, delta: apply };
  }

  #commitTheirs(operation: Operation, versions: number, checksum: number | undefined): Operation {
    const base = this.#advance(operation, versions, checksum);
    const { state, apply } = receive(this.#state, operation, this.identicalInserts, versions);
    this.#visible = this.synchronised ? base : this.#visible.apply(apply);
    this.#base = base;
    this.#enter(state);
    return apply;
  }

  #enter(state: SyncState): void {
    this.#state = state;
    // Also where nothing is left of an edit: typed and deleted again, or made by somebody else as well.
    if (state.kind === "synchronised") this.#savedEdits = this.#edits;
  }

  #advance(operation: Operation, versions: number, checksum: number | undefined): Document {
    const next = fitted(() => this.#base.apply(operation));
    if (checksum !== undefined && next.checksum !== checksum) {
      throw new Divergence(`version ${this.version + versions} has another checksum`);
    }
    return next;
  }
}

/** What is pending, in the order in which it applies. */
function pendingOf(state: SyncState): readonly Operation[] {
  const inFlight = "inFlight" in state ? [state.inFlight] : [];
  return "buffer" in state ? [...inFlight, state.buffer] : inFlight;
}

function fitted<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof OperationError) throw new Divergence(error.message);
    throw error;
  }
}
