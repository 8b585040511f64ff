import {
  type DocumentRow,
  type DocumentState,
  type OperationRow,
  toDocumentRow,
  toOperationRow,
} from "./sqlite-rows.js";
import type { Append, AppendOutcome } from "./store.js";

/** A document as its row was when it was read or written last. */
export interface KnownDocument {
  readonly state: DocumentState;
  readonly row: DocumentRow;
  /** The newest packed sequence of clients, 0 for one that has none; a client that is missing was never asked about. */
  readonly packedSequences: ReadonlyMap<string, number>;
}

/** What is believed about the documents of a batch; undefined: that there is no such document, or nothing is known. */
export type Known = (document: string) => KnownDocument | undefined;

/** Whether the log of a document has a row of this client and sequence already (S2). */
export type Taken = (document: string, client: string, sequence: number) => boolean;

/** The one row of a document before and after all appends of a batch that it takes. */
export interface HeadChange {
  readonly before: DocumentRow;
  readonly after: KnownDocument;
  /** What is added to its log. */
  readonly operations: readonly OperationRow[];
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
export function planAppends(appends: readonly Append[], known: Known, taken: Taken): AppendPlan {
  const logs = new Map<string, PlannedLog>();
  const outcomes = appends.map((append) => {
    const log = logs.get(append.document) ?? new PlannedLog(append.document, known(append.document), taken);
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
  readonly #taken: Taken;
  readonly #names = new Set<string>();
  #state: DocumentState | undefined;
  #takes = false;

  constructor(document: string, known: KnownDocument | undefined, taken: Taken) {
    this.#document = document;
    this.#known = known;
    this.#state = known?.state;
    this.#taken = taken;
  }

  take({ epoch, operations }: Append): AppendOutcome {
    const state = this.#state;
    if (state === undefined) return "unknown_document";
    if (epoch !== state.epoch || epoch === 0 || state.record.trashed !== undefined) return "fenced";
    if (operations.some(({ version }, index) => version !== state.version + 1 + index)) return "conflict";
    const rows = operations.map((operation) => toOperationRow(this.#document, operation));
    const names = new Set(rows.map(nameOf));
    if (names.size < rows.length || rows.some((row) => this.#isTaken(row))) return "conflict";
    this.#add(state, rows);
    return "stored";
  }

  /** Empty when every append was refused. */
  change(): readonly HeadChange[] {
    if (this.#known === undefined || this.#state === undefined || !this.#takes) return [];
    const after = { ...this.#known, state: this.#state, row: toDocumentRow(this.#state) };
    return [{ before: this.#known.row, after, operations: this.#rows }];
  }

  #isTaken(row: OperationRow): boolean {
    if (this.#names.has(nameOf(row)) || this.#taken(this.#document, row.client, row.sequence)) return true;
    if (this.#known === undefined || this.#known.state.packed === 0) return false;
    // Whatever is not known is taken, until it was read.
    return row.sequence <= (this.#known.packedSequences.get(row.client) ?? Number.POSITIVE_INFINITY);
  }

  #add(state: DocumentState, rows: readonly OperationRow[]): void {
    for (const row of rows) {
      this.#rows.push(row);
      this.#names.add(nameOf(row));
    }
    const updatedAt = rows.reduce((latest, { time }) => Math.max(latest, time), state.record.updatedAt);
    this.#state = { ...state, record: { ...state.record, updatedAt }, version: state.version + rows.length };
    this.#takes = true;
  }
}

/** What tells the operations of one document apart (S2). */
export const nameOf = ({ client, sequence }: Pick<OperationRow, "client" | "sequence">): string =>
  `${sequence} ${client}`;
