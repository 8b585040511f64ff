import {
  acknowledge,
  Document,
  diff,
  edit,
  equalOperations,
  flush,
  type Operation,
  receive,
  type SyncState,
  synchronised,
} from "@tutti/ot";
import type { Change, DownMessage } from "@tutti/protocol";
import type { Peer } from "../harness.js";

/** The other end of a connection, as far as a client of few lines needs it. */
type Line = Pick<Peer, "received" | "submit">;

/** A client of few lines at the other end of a connection: follows what it is told and compares every checksum. */
export class Follower<L extends Line = Peer> {
  peer: L;
  /** As the server knows it. */
  readonly client: string;
  base = Document.empty;
  seen = Document.empty;
  state: SyncState = synchronised(0);
  sequence = 0;
  /** Versions that came as part of a composed change. */
  composed = 0;
  /** Own operations that came with their content. */
  ownTold = 0;
  /** Of these, those with another effect than was seen here. */
  cutElsewhere = 0;
  #read = 0;
  #content: Operation = [];

  constructor(peer: L, client: string) {
    this.peer = peer;
    this.client = client;
  }

  /** Makes an edit; it goes out at `submit`. */
  edit(operation: Operation): void {
    this.seen = this.seen.apply(operation);
    this.state = edit(this.state, operation);
  }

  submit(): void {
    if (this.state.kind === "buffered") {
      this.state = flush(this.state);
      this.sequence += 1;
    }
    if ("inFlight" in this.state) this.peer.submit(this.sequence, this.state.version, this.state.inFlight);
  }

  /** Goes on with another connection. */
  moveTo(peer: L): void {
    this.peer = peer;
    this.#read = 0;
  }

  /** Reads everything that came. */
  read(): void {
    for (const message of this.peer.received.slice(this.#read)) this.#take(message);
    this.#read = this.peer.received.length;
  }

  #take(message: DownMessage): void {
    if (message.type === "opened") {
      if (message.content === undefined) {
        const versions = (message.changes ?? []).reduce((sum, change) => sum + (change.versions ?? 1), 0);
        this.#apply(message.version - versions, message.changes ?? []);
        return;
      }
      this.#content = [...this.#content, ...message.content];
      const next = Document.fromOperation(this.#content);
      if (message.part !== undefined && next.length < message.part.length) return;
      if (next.checksum !== message.checksum) throw new Error("the content has another checksum");
      [this.base, this.seen, this.state] = [next, next, synchronised(message.version)];
    } else if (message.type === "committed") this.#apply(message.version - 1, message.changes);
  }

  #apply(from: number, changes: readonly Change[]): void {
    if (from !== this.state.version) throw new Error(`version ${from + 1} after ${this.state.version}`);
    for (const change of changes) this.#change(change);
  }

  #change({ client, operation, versions = 1, checksum, sequence }: Change): void {
    this.composed += versions > 1 ? versions : 0;
    if (versions === 1 && client === this.client) {
      const mine = "inFlight" in this.state ? this.state.inFlight : undefined;
      if (mine === undefined || sequence !== this.sequence) throw new Error("this is not in flight");
      if (operation !== undefined) this.ownTold += 1;
      this.#acknowledged(mine, operation ?? mine);
    } else {
      this.base = this.base.apply(operation ?? []);
      const { state, apply } = receive(this.state, operation ?? [], undefined, versions);
      this.state = state;
      this.seen = this.seen.apply(apply);
    }
    if (this.base.checksum !== checksum) throw new Error(`version ${this.state.version} has another checksum`);
  }

  /** What the server has counts; the difference comes like an edit of somebody else's. */
  #acknowledged(mine: Operation, told: Operation): void {
    const seen = this.base.apply(mine);
    this.base = this.base.apply(told);
    this.state = acknowledge(this.state);
    if (equalOperations(told, mine)) return;
    this.cutElsewhere += 1;
    const { state, apply } = receive(this.state, diff(seen, this.base), undefined, 0);
    this.state = state;
    this.seen = this.seen.apply(apply);
  }
}
