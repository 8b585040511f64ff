import {
  acknowledge,
  admit,
  continuesRun,
  type Document,
  edit,
  flush,
  growRun,
  moveRun,
  type Operation,
  type Run,
  receive,
  type SyncState,
  synchronised,
} from "../src/index.js";

interface Client {
  state: SyncState;
  document: Document;
  /** Where this person types next, and the stretch they typed. */
  caret: number;
  run: Run | undefined;
  /** On its way to the server: made on which version. */
  up: { version: number; operation: Operation } | undefined;
  /** How many committed operations were delivered here. */
  heard: number;
}
interface Commit {
  readonly author: number;
  readonly operation: Operation;
}

/**
 * A server and its clients as values, with nothing but the functions of `sync`, `run` and `Document`. The network is the
 * caller: each `deliver…` moves one message, and messages of one direction keep their order.
 */
export class Network {
  readonly #clients: Client[];
  readonly #log: Commit[] = [];
  readonly #identical: "merge" | "keep";
  server: Document;

  constructor(base: Document, clients: number, identical: "merge" | "keep" = "merge") {
    this.server = base;
    this.#identical = identical;
    this.#clients = Array.from({ length: clients }, () => ({
      state: synchronised(0),
      document: base,
      caret: 0,
      run: undefined,
      up: undefined,
      heard: 0,
    }));
  }

  get history(): readonly Operation[] {
    return this.#log.map(({ operation }) => operation);
  }

  see(client: number): Document {
    return this.#at(client).document;
  }

  stateOf(client: number): SyncState {
    return this.#at(client).state;
  }

  edit(client: number, operation: Operation): void {
    const me = this.#at(client);
    me.document = me.document.apply(operation);
    me.state = edit(me.state, operation);
  }

  placeCaret(client: number, index: number): void {
    this.#at(client).caret = index;
  }

  /** One keystroke at the caret, marked as the client marks it. */
  type(client: number, text: string): void {
    const me = this.#at(client);
    const continues = continuesRun(me.run, me.caret);
    this.edit(client, [{ retain: me.caret }, { insert: text, ...(continues ? { continues: true as const } : {}) }]);
    me.run = growRun(me.run, me.caret, text.length);
    me.caret += text.length;
  }

  /** Backspace at the caret. */
  erase(client: number, length: number): void {
    const me = this.#at(client);
    const operation: Operation = [{ retain: me.caret - length }, { delete: length }];
    this.edit(client, operation);
    me.run = moveRun(me.run, operation);
    me.caret -= length;
  }

  flush(client: number): void {
    const me = this.#at(client);
    if (me.state.kind !== "buffered") return;
    me.state = flush(me.state);
    if (me.state.kind === "in_flight") me.up = { version: me.state.version, operation: me.state.inFlight };
  }

  /** The server commits what this client sent. */
  deliverUp(client: number): void {
    const me = this.#at(client);
    if (me.up === undefined) return;
    const since = this.#log.slice(me.up.version).map(({ operation }) => operation);
    const operation = admit(me.up.operation, since, this.#identical);
    me.up = undefined;
    this.server = this.server.apply(operation);
    this.#log.push({ author: client, operation });
  }

  /** The client hears of the next commit: its own (an acknowledgement) or somebody else's. */
  deliverDown(client: number): void {
    const me = this.#at(client);
    const commit = this.#log[me.heard];
    if (commit === undefined) return;
    me.heard += 1;
    if (commit.author === client) {
      me.state = acknowledge(me.state);
      return;
    }
    const { state, apply } = receive(me.state, commit.operation, this.#identical);
    me.state = state;
    me.document = me.document.apply(apply);
    me.run = moveRun(me.run, apply);
    me.caret = caretAfter(apply, me.caret);
  }

  /** Everything that is still under way arrives, and everybody sends until nobody has anything left. */
  settle(): void {
    for (let busy = true; busy; ) {
      this.#clients.forEach((_, client) => {
        this.flush(client);
        this.deliverUp(client);
      });
      this.#clients.forEach((me, client) => {
        while (me.heard < this.#log.length) this.deliverDown(client);
      });
      busy = this.#clients.some(({ state }) => state.kind !== "synchronised");
    }
  }

  #at(client: number): Client {
    const me = this.#clients[client];
    if (me === undefined) throw new RangeError(`there is no client ${client}`);
    return me;
  }
}

/** A caret stays behind the letter that was typed last: foreign text at it goes to its right. */
function caretAfter(operation: Operation, caret: number): number {
  let walked = 0;
  let moved = caret;
  for (const part of operation) {
    if (walked >= caret) break;
    if ("insert" in part) moved += typeof part.insert === "string" ? part.insert.length : 1;
    else if ("retain" in part) walked += part.retain;
    else {
      moved -= Math.min(part.delete, caret - walked);
      walked += part.delete;
    }
  }
  return moved;
}
