import { type Clock, type Random, TuttiError } from "@tutti/protocol";
import type { Conflict } from "../conflict/conflict.js";
import type { Link } from "../connection/link.js";
import type { Host } from "../document/host.js";
import type { Replica } from "../document/replica.js";
import { Synchroniser } from "../document/synchroniser.js";
import type { OfflineDocuments, Orphan } from "./offline-documents.js";
import type { OfflineStoreError } from "./offline-store.js";
import { FAR_APART, type Stranded, strandedEdits } from "./stranded.js";

export interface OrphanEvents {
  stranded(stranded: Stranded): void;
  failed(error: OfflineStoreError): void;
}

export interface OrphanOptions {
  readonly document: string;
  /** Of the document that is open. */
  readonly replica: Replica;
  readonly offline: OfflineDocuments;
  /** A connection of its own: on one connection a document is open for one client only. */
  readonly connect: () => Link;
  readonly clock: Clock;
  readonly random: Random;
  /** As of `SynchroniserOptions`. */
  readonly conflictAbove: number;
  readonly events: OrphanEvents;
}

/**
 * Brings edits to the server that earlier tabs left behind, one tab after the other, each under its own client and
 * sequence, so that what the server has of them already is not doubled (S2).
 */
export class Orphans {
  readonly #options: OrphanOptions;
  #sweeping = false;
  #current: Synchroniser | undefined;
  #stopped = false;

  constructor(options: OrphanOptions) {
    this.#options = options;
  }

  /** Delivers all there are now; there is a connection. Never rejects. */
  async sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const { document, offline, replica, events } = this.#options;
    const make = (client: string): Replica => replica.another(client);
    const quiet = { changed: () => undefined, failed: (error: OfflineStoreError) => events.failed(error) };
    try {
      while (!this.#stopped) {
        const woken = { ...quiet, changed: () => this.#current?.edited() };
        const orphan = await offline.nextOrphan(document, make, woken);
        if (orphan === undefined) break;
        await this.#deliver(orphan);
      }
    } catch (error) {
      events.failed(error as OfflineStoreError);
    }
    this.#sweeping = false;
  }

  /** What is not delivered yet stays for the next time. */
  stop(): void {
    this.#stopped = true;
    this.#current?.close();
  }

  async #deliver(orphan: Orphan): Promise<void> {
    const { document, clock, random, conflictAbove, connect } = this.#options;
    const { replica, outbox } = orphan;
    const link = connect();
    const stuck = new Stuck();
    const outside = { link, clock, random, gate: outbox, conflictAbove };
    const synchroniser = new Synchroniser(document, replica, outside, { ...SILENT, conflict: stuck.arose });
    this.#current = synchroniser;
    synchroniser.restored();
    link.attach(synchroniser);
    try {
      await Promise.race([synchroniser.saved(), stuck.promise]);
      await outbox.delete();
    } catch (error) {
      await this.#keep(orphan, error as TuttiError);
    } finally {
      this.#current = undefined;
      synchroniser.close();
      link.close();
    }
  }

  async #keep({ replica, outbox }: Orphan, error: TuttiError): Promise<void> {
    const { document, offline, events } = this.#options;
    if (this.#stopped) {
      await outbox.close();
      return;
    }
    offline.setAside(document, () => void outbox.close());
    events.stranded(strandedEdits(replica, error.toData(), () => outbox.delete()));
  }
}

/** Rejects when what is delivered meets a conflict: nobody is there to choose. */
class Stuck {
  #reject: (error: TuttiError) => void = () => undefined;
  readonly promise = new Promise<never>((_resolve, reject) => {
    this.#reject = reject;
  });
  readonly arose = (conflict: Conflict | undefined): void => {
    if (conflict !== undefined) this.#reject(TuttiError.fromData(conflict.error ?? FAR_APART));
  };
}

/** Nobody looks at what is delivered; the document hears of it from the server. */
const SILENT: Host = {
  opened: () => undefined,
  changed: () => undefined,
  committed: () => undefined,
  presence: () => undefined,
  attendance: () => undefined,
  alert: () => undefined,
  error: () => undefined,
  refused: () => undefined,
  hoped: () => undefined,
  conflict: () => undefined,
  open: () => {
    throw new TuttiError("unexpected_message", "nobody looks at what is delivered");
  },
  settled: () => undefined,
  closed: () => undefined,
};
