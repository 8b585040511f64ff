import type { Clock } from "@tutti/protocol";
import { type Truth, untruth } from "../checkers/status-truth.js";
import type { DurableVersions } from "./durable-versions.js";
import type { Ledger } from "./ledger.js";
import type { OpenedDocument, Person } from "./person.js";

/** What was typed may wait so long for company before it is sent, in milliseconds. */
const FRESH = 200;

/** Compares what one person reads of their documents with how these really stand, at any moment (C8). */
export class StatusWatch {
  readonly #person: Person;
  readonly #versions: DurableVersions;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #violated: (promise: string, message: string) => void;
  /** What was found untrue last of each document: one lie that lasts is one violation. */
  readonly #known = new Map<string, string>();
  /** Edits made when "Saved" was true last. */
  readonly #typed = new Map<string, { readonly count: number; readonly time: number }>();
  readonly #saved = new Map<string, number>();

  constructor(
    person: Person,
    { versions, ledger, clock }: { readonly versions: DurableVersions; readonly ledger: Ledger; readonly clock: Clock },
    violated: (promise: string, message: string) => void,
  ) {
    this.#person = person;
    this.#versions = versions;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#violated = violated;
  }

  #isFresh(document: string): boolean {
    const edits = this.#ledger.edits(this.#person.name, document);
    const { count, time } = this.#typed.get(document) ?? { count: 0, time: Number.NEGATIVE_INFINITY };
    if (edits !== count) this.#typed.set(document, { count: edits, time: this.#clock.now() });
    return edits !== count || this.#clock.now() - time < FRESH;
  }

  /** @param amid something is just happening, and what follows from it at once is still to come */
  check(opened: OpenedDocument, amid = false): void {
    const { id, handle } = opened;
    const { status } = handle;
    const reason = untruth(status, this.#truth(opened, amid));
    if (reason === undefined) {
      this.#known.delete(id);
      if (status === "Saved") this.#saved.set(id, this.#edits(id));
      return;
    }
    const lie = `${this.#person.name} reads "${status}" at ${id} v${handle.version}, and ${reason}`;
    if (this.#known.get(id) === status) return;
    this.#known.set(id, status);
    this.#violated("status", lie);
  }

  /** Made on the device: a tab goes on with what the one before has left. */
  #edits(document: string): number {
    return this.#person.device.tabs.reduce((sum, name) => sum + this.#ledger.edits(name, document), 0);
  }

  #truth({ id, handle }: OpenedDocument, amid: boolean): Truth {
    const { witness, tab } = this.#person;
    const heard = witness.about(id);
    return {
      connected: witness.connected,
      failed: witness.failed,
      open: heard.open,
      durable: this.#versions.checksum(id, handle.version) === handle.checksum,
      underway: heard.sent > heard.acknowledged,
      reading: tab?.reading(id) === true,
      fresh: this.#isFresh(id),
      amid,
      writing: tab?.writing(id) === true,
      edits: this.#edits(id) - (this.#saved.get(id) ?? 0),
      unkept: tab?.keeps(id) === false,
      storageFails: heard.storageFails,
      refused: heard.refused?.code,
      onlyReads: heard.role !== "editor" && heard.role !== "owner",
      level: witness.level,
      conflict: handle.conflict !== undefined,
    };
  }
}
