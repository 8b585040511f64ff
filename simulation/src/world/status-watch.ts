import type { Clock } from "@tutti/protocol";
import { type Truth, untruth } from "../checkers/status-truth.js";
import type { DurableVersions } from "./durable-versions.js";
import type { Ledger } from "./ledger.js";
import type { OpenedDocument, Person } from "./person.js";
import type { Trace } from "./trace.js";
import type { WrongTransforms } from "./wrong-transforms.js";

/** What was typed may wait so long for company before it is sent, in milliseconds. */
const FRESH = 200;

/** Where the truth is found. */
export interface StatusEvidence {
  readonly versions: DurableVersions;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly wrongTransforms: WrongTransforms;
}

/** What was seen of one document so far. */
interface Seen {
  /** What was found untrue last: one lie that lasts is one violation. */
  lie: string | undefined;
  /** Edits on the device when "Saved" was true last. */
  saved: number;
  /** The newest edit, status and acknowledgement, and when the last of them came. */
  edits: number;
  status: string;
  acknowledged: number;
  changed: number;
}

const NOTHING = { lie: undefined, saved: 0, edits: 0, status: "", acknowledged: 0 } as const;

/** Compares what one person reads of their documents with how these really stand, at any moment (C8). */
export class StatusWatch {
  readonly #person: Person;
  readonly #evidence: StatusEvidence;
  readonly #violated: (promise: string, message: string) => void;
  /** How far everything around the person was when each document was checked last. */
  readonly #checked = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();

  constructor(person: Person, evidence: StatusEvidence, violated: (promise: string, message: string) => void) {
    this.#person = person;
    this.#evidence = evidence;
    this.#violated = violated;
  }

  /** As `check`, where anything has changed since the last time. */
  checkChanges(opened: OpenedDocument): void {
    const { revision } = this.#person;
    if (this.#checked.get(opened.id) === revision && this.#seen.get(opened.id)?.status !== "Saving…") return;
    this.#checked.set(opened.id, revision);
    this.check(opened);
  }

  /** @param amid something is just happening, and what follows from it at once is still to come */
  check(opened: OpenedDocument, amid = false): void {
    const { id, handle } = opened;
    const { status } = handle;
    const seen = this.#look(opened);
    const truth = this.#truth(opened, seen, amid);
    const reason = untruth(status, truth);
    if (reason === undefined) {
      seen.lie = undefined;
      if (status === "Saved") seen.saved = seen.edits;
      return;
    }
    if (seen.lie === status) return;
    seen.lie = status;
    this.#evidence.trace.add(this.#person.name, "truth", truth);
    this.#violated("status", `${this.#person.name} reads "${status}" at ${id} v${handle.version}, and ${reason}`);
  }

  #look({ id, handle }: OpenedDocument): Seen {
    const { clock } = this.#evidence;
    const seen = this.#seen.get(id) ?? { ...NOTHING, changed: clock.now() };
    this.#seen.set(id, seen);
    const edits = this.#edits(id);
    const { acknowledged } = this.#person.witness.about(id);
    const same = edits === seen.edits && handle.status === seen.status && acknowledged === seen.acknowledged;
    if (!same) seen.changed = clock.now();
    seen.edits = edits;
    seen.status = handle.status;
    seen.acknowledged = acknowledged;
    return seen;
  }

  /** Made on the device: a tab goes on with what the one before has left. */
  #edits(document: string): number {
    return this.#person.device.tabs.reduce((sum, name) => sum + this.#evidence.ledger.edits(name, document), 0);
  }

  #truth({ id, handle }: OpenedDocument, { edits, saved, changed }: Seen, amid: boolean): Truth {
    const { witness, tab } = this.#person;
    const { versions, clock, wrongTransforms } = this.#evidence;
    const heard = witness.about(id);
    return {
      connected: witness.connected,
      failed: witness.failed,
      open: heard.open,
      durable: versions.checksum(id, handle.version) === handle.checksum,
      underway: heard.sent > heard.acknowledged,
      forgetful: wrongTransforms.made > 0,
      reading: tab?.reading(id) === true,
      writing: tab?.writing(id) === true,
      fresh: clock.now() - changed < FRESH,
      amid,
      edits: edits - saved,
      unkept: tab?.keeps(id, heard.client) === false,
      storageFails: heard.storageFails,
      refused: heard.refused?.code,
      onlyReads: heard.role !== "editor" && heard.role !== "owner",
      views: heard.views,
      presenceFails: heard.presenceFails,
      level: witness.level,
      conflict: handle.conflict !== undefined,
    };
  }
}
