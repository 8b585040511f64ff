import type { Clock, ErrorCode, ErrorData, Opened, Random } from "@tutti/protocol";
import type { Link } from "../connection/link.js";
import type { Gate } from "../document/outgoing.js";
import type { Replica } from "../document/replica.js";
import type { DocumentError } from "../types.js";
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
  readonly events: OfflineSessionEvents;
}

export interface OfflineSessionEvents extends Pick<OutboxEvents, "changed">, Pick<OrphanEvents, "stranded"> {
  /** The storage of the device does not do what it should. */
  error(error: DocumentError): void;
}

/** The document, or the client id under which it was kept, is not this person's (any more). */
const NOT_TO_BE_KEPT: readonly ErrorCode[] = ["forbidden", "not_found", "author_forged"];

/** One open document on this device: its own journal, and those that earlier tabs left behind (C3). */
export class OfflineSession implements Gate {
  readonly #options: OfflineSessionOptions;
  readonly #events: OutboxEvents & OrphanEvents;
  readonly #orphans: Orphans;
  #outbox: Outbox | undefined;
  #tidied = false;

  constructor(options: OfflineSessionOptions) {
    this.#options = options;
    const { changed, stranded, error } = options.events;
    const failed = ({ code, message }: OfflineStoreError): void =>
      error({ code: `offline_storage_${code}`, message, retry: code !== "refused" });
    this.#events = { changed, stranded, failed };
    this.#orphans = new Orphans({ ...options, events: this.#events });
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
    const { document, replica, offline } = this.#options;
    const { outbox, details } = await offline.open(document, replica, this.#events);
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
   * What is stored stays for the next time, unless the person may not see the document any more and nothing is pending.
   * @param refusal why the server took nothing more at the end; undefined: it did
   */
  close(refusal: ErrorData | undefined): void {
    this.#orphans.stop();
    const { document, offline, replica } = this.#options;
    const forget = refusal !== undefined && NOT_TO_BE_KEPT.includes(refusal.code) && replica.synchronised;
    if (this.#outbox !== undefined) void offline.leave(document, this.#outbox, forget);
  }

  async #cleanUp(): Promise<void> {
    await this.#orphans.sweep();
    if (this.#tidied) return;
    this.#tidied = true;
    try {
      await this.#options.offline.tidy();
    } catch (error) {
      this.#events.failed(error as OfflineStoreError);
    }
  }
}
