import { type Truth, untruth } from "../checkers/status-truth.js";
import type { DurableVersions } from "./durable-versions.js";
import type { Ledger } from "./ledger.js";
import type { OpenedDocument, Person } from "./person.js";

/** Compares what one person reads of their documents with how these really stand, at any moment (C8). */
export class StatusWatch {
  readonly #person: Person;
  readonly #versions: DurableVersions;
  readonly #ledger: Ledger;
  readonly #violated: (promise: string, message: string) => void;
  /** What was found untrue last of each document: one lie that lasts is one violation. */
  readonly #known = new Map<string, string>();
  /** Edits made when "Saved" was true last. */
  readonly #saved = new Map<string, number>();

  constructor(
    person: Person,
    { versions, ledger }: { readonly versions: DurableVersions; readonly ledger: Ledger },
    violated: (promise: string, message: string) => void,
  ) {
    this.#person = person;
    this.#versions = versions;
    this.#ledger = ledger;
    this.#violated = violated;
  }

  check(opened: OpenedDocument): void {
    const { id, handle } = opened;
    const { status } = handle;
    const reason = untruth(status, this.#truth(opened));
    if (reason === undefined) {
      this.#known.delete(id);
      if (status === "Saved") this.#saved.set(id, this.#ledger.edits(this.#person.name, id));
      return;
    }
    const lie = `${this.#person.name} reads "${status}" at ${id} v${handle.version}, and ${reason}`;
    if (this.#known.get(id) === status) return;
    this.#known.set(id, status);
    this.#violated("status", lie);
  }

  #truth({ id, handle }: OpenedDocument): Truth {
    const { name, witness, tab } = this.#person;
    const heard = witness.about(id);
    return {
      connected: witness.connected,
      failed: witness.failed,
      open: heard.open,
      durable: this.#versions.checksum(id, handle.version) === handle.checksum,
      underway: heard.sent > heard.acknowledged || tab?.writing(id) === true,
      edits: this.#ledger.edits(name, id) - (this.#saved.get(id) ?? 0),
      unkept: tab?.failing(id) === true,
      storageFails: heard.storageFails,
      refused: heard.refused?.code,
      onlyReads: heard.role !== "edit",
      level: witness.level,
      conflict: false,
    };
  }
}
