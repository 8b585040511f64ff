import type { Clock, Opened, Random } from "@tutti/protocol";
import type { Link } from "../connection/link.js";
import type { Gate } from "../document/outgoing.js";
import type { Replica } from "../document/replica.js";
import type { DocumentDetails } from "./details.js";
import type { OfflineDocuments } from "./offline-documents.js";
import type { OfflineStoreError } from "./offline-store.js";
import { type OrphanEvents, Orphans } from "./orphans.js";
import type { Outbox, OutboxEvents } from "./outbox.js";

export interface OfflineSessionOptions {
  readonly document: string;
  /** A new one. */
  readonly replica: Replica;
  readonly offline: OfflineDocuments;
  readonly connect: () => Link;
  readonly clock: Clock;
  readonly random: Random;
  /** As of `SynchroniserOptions`. */
  readonly conflictAbove: number;
  readonly events: OutboxEvents & OrphanEvents;
}

/** One open document on this device: its own journal, and those that earlier tabs left behind (C3). */
export class OfflineSession implements Gate {
  readonly #options: OfflineSessionOptions;
  readonly #orphans: Orphans;
  #outbox: Outbox | undefined;
  #tidied = false;

  constructor(options: OfflineSessionOptions) {
    this.#options = options;
    this.#orphans = new Orphans(options);
  }

  /** What is typed survives the end of this tab. */
  get stored(): boolean {
    return this.#outbox?.stored ?? false;
  }

  get mayLeave(): boolean {
    return this.#outbox?.mayLeave ?? false;
  }

  /**
   * Restores the replica. Nothing may be done with it before. Never rejects.
   * @returns what else was stored of the document; undefined: nothing, it has to come from the server
   */
  async open(): Promise<DocumentDetails | undefined> {
    const { document, replica, offline, events } = this.#options;
    const { outbox, details } = await offline.open(document, replica, events);
    this.#outbox = outbox;
    return details;
  }

  /** The document is open on the server. */
  live({ kind, title, role }: Pick<Opened, "kind" | "title" | "role">): void {
    this.#outbox?.describe({ kind, title, role });
    void this.#cleanUp();
  }

  /** Resolves when all that was done up to now is durable here, or can't be. */
  async drained(): Promise<void> {
    await this.#outbox?.drained();
  }

  /**
   * What is stored stays for the next time.
   * @param forget unless nothing is pending: the person may not see the document any more
   */
  close(forget: boolean): void {
    this.#orphans.stop();
    const { document, offline, replica } = this.#options;
    if (this.#outbox !== undefined) void offline.leave(document, this.#outbox, forget && replica.synchronised);
  }

  async #cleanUp(): Promise<void> {
    await this.#orphans.sweep();
    if (this.#tidied) return;
    this.#tidied = true;
    try {
      await this.#options.offline.tidy();
    } catch (error) {
      this.#options.events.failed(error as OfflineStoreError);
    }
  }
}
