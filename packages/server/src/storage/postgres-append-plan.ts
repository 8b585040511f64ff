import { advance } from "./client-rows.js";
import { type DocumentRow, type DocumentState, type OperationRow, toDocumentRow, toOperationRow } from "./rows.js";
import type { Append, AppendOutcome } from "./store.js";

/** A document as its row was when it was read or written last. */
export interface KnownDocument {
  readonly state: DocumentState;
  readonly row: DocumentRow;
  /** The newest sequence of clients, 0 for one that never wrote; a client that is missing was never asked about. */
  readonly sequences: Map<string, number>;
}

/** What is believed about the documents of a batch; undefined: that there is no such document, or nothing is known. */
export type Known = (document: string) => KnownDocument | undefined;

/** The one row of a document before and after all appends of a batch that it takes. */
export interface HeadChange {
  readonly before: DocumentRow;
  readonly state: DocumentState;
  readonly after: DocumentRow;
  /** What is added to its log. */
  readonly operations: readonly OperationRow[];
  /** The newest of these of each client. */
  readonly clients: ReadonlyMap<string, OperationRow>;
}

/** What a batch comes to if the documents are as they are believed to be. */
export interface AppendPlan {
  /** In the order of the appends. */
  readonly outcomes: readonly AppendOutcome[];
  /** One for each document that takes something, also if that is an append without operations: its epoch is checked. */
  readonly heads: readonly HeadChange[];
  /** Appends that were refused for what is believed: to be read before that is said. */
  readonly doubtful: readonly Append[];
}

/** Pure: decides every append of a batch, one after the other, in the order that `AppendOutcome` states. */
export function planAppends(appends: readonly Append[], known: Known): AppendPlan {
  const logs = new Map<string, PlannedLog>();
  const outcomes = appends.map((append) => {
    const log = logs.get(append.document) ?? new PlannedLog(append.document, known(append.document));
    logs.set(append.document, log);
    return log.take(append);
  });
  return {
    outcomes,
    heads: [...logs.values()].flatMap((log) => log.change()),
    doubtful: appends.filter((_, index) => outcomes[index] !== "stored"),
  };
}

/** One document while the appends of a batch are added to it. */
class PlannedLog {
  readonly #rows: OperationRow[] = [];
  readonly #document: string;
  readonly #known: KnownDocument | undefined;
  readonly #clients = new Map<string, OperationRow>();
  #state: DocumentState | undefined;
  #takes = false;

  constructor(document: string, known: KnownDocument | undefined) {
    this.#document = document;
    this.#known = known;
    this.#state = known?.state;
  }

  take({ epoch, operations }: Append): AppendOutcome {
    const state = this.#state;
    if (state === undefined) return "unknown_document";
    if (epoch !== state.epoch || epoch === 0 || state.record.trashed !== undefined) return "fenced";
    if (operations.some(({ version }, index) => version !== state.version + 1 + index)) return "conflict";
    const rows = operations.map((operation) => toOperationRow(this.#document, operation));
    const clients = advance(rows, (client) => this.#newest(client));
    if (clients === undefined) return "conflict";
    this.#add(state, rows, clients);
    return "stored";
  }

  /** Empty when every append was refused. */
  change(): readonly HeadChange[] {
    if (this.#known === undefined || this.#state === undefined || !this.#takes) return [];
    const [before, after] = [this.#known.row, toDocumentRow(this.#state)];
    return [{ before, state: this.#state, after, operations: this.#rows, clients: this.#clients }];
  }

  #newest(client: string): number {
    // Whatever is not known is taken, until it was read.
    return this.#clients.get(client)?.sequence ?? this.#known?.sequences.get(client) ?? Number.POSITIVE_INFINITY;
  }

  #add(state: DocumentState, rows: readonly OperationRow[], clients: ReadonlyMap<string, OperationRow>): void {
    for (const row of rows) this.#rows.push(row);
    for (const [client, newest] of clients) this.#clients.set(client, newest);
    const updatedAt = rows.reduce((latest, { time }) => Math.max(latest, time), state.record.updatedAt);
    this.#state = { ...state, record: { ...state.record, updatedAt }, version: state.version + rows.length };
    this.#takes = true;
  }
}
