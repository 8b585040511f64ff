import {
  acknowledge,
  admit,
  type Document,
  edit,
  flush,
  type Operation,
  receive,
  type SyncState,
  synchronised,
} from "@tutti/ot";
import { LocalDocument } from "./local-document.js";

/**
 * Several `LocalDocument`s on one text, kept together by the rebase core alone. Nothing is on its way by itself: the
 * test says who sends and who receives, and when.
 */
export class LocalRoom {
  readonly members: readonly LocalDocument[];
  readonly #states: SyncState[];
  readonly #log: { readonly author: number; readonly operation: Operation }[] = [];

  constructor(content: Document, count: number) {
    this.members = Array.from({ length: count }, () => new LocalDocument(content));
    this.#states = this.members.map(() => synchronised(0));
    this.members.forEach((member, index) => {
      member.on("change", ({ delta, origin }) => {
        if (origin === "local") this.#states[index] = edit(this.#state(index), delta);
      });
    });
  }

  /** The member's edits so far are committed, if none are on their way already. */
  send(index: number): void {
    const before = this.#state(index);
    if (before.kind !== "buffered") return;
    const state = flush(before);
    this.#states[index] = state;
    if (state.kind !== "in_flight") return;
    const since = this.#log.slice(state.version).map(({ operation }) => operation);
    this.#log.push({ author: index, operation: admit(state.inFlight, since) });
  }

  /** The member gets the next commit; false when it has all. */
  receive(index: number): boolean {
    const state = this.#state(index);
    const commit = this.#log[state.version];
    if (commit === undefined) return false;
    if (commit.author === index) {
      this.#states[index] = acknowledge(state);
      return true;
    }
    const received = receive(state, commit.operation);
    this.#states[index] = received.state;
    this.members[index]?.remote(received.apply);
    return true;
  }

  /** Everybody sends and receives until nothing is left. */
  settle(): void {
    const pending = (): boolean => this.#states.some(({ kind }) => kind !== "synchronised");
    const receiveAll = (): void => {
      for (const index of this.members.keys()) while (this.receive(index));
    };
    receiveAll();
    while (pending()) {
      for (const index of this.members.keys()) this.send(index);
      receiveAll();
    }
  }

  #state(index: number): SyncState {
    return this.#states[index] ?? synchronised(0);
  }
}
