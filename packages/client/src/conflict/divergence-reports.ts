import { ENGINE_VERSION } from "@tutti/ot";
import type { Clock, Report } from "@tutti/protocol";
import type { Divergence } from "../document/divergence.js";
import type { Committed, Replica } from "../document/replica.js";
import { shapeOf } from "./operation-shape.js";

/** Components of one operation that are told. */
const COMPONENTS = 40;
const LONGEST_DETAILS = 4000;
/** Reports in any `WINDOW` milliseconds. */
const MOST = 3;
const WINDOW = 60_000;

/**
 * Tells the server what it takes to reproduce a divergence (C6): the engine, what was pending, and the last commits. Only
 * the shapes of operations: lengths, positions, names of attributes; nobody's text.
 */
export class DivergenceReports {
  readonly #document: string;
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #send: (report: Report) => void;
  #sent: readonly number[] = [];

  constructor(document: string, replica: Replica, clock: Clock, send: (report: Report) => void) {
    this.#document = document;
    this.#replica = replica;
    this.#clock = clock;
    this.#send = send;
  }

  /** Does nothing after too many in a short time. @param commits the newest ones before it, oldest first */
  diverged({ message, mismatch }: Divergence, commits: readonly Committed[]): void {
    const now = this.#clock.now();
    this.#sent = this.#sent.filter((time) => now - time < WINDOW);
    if (this.#sent.length >= MOST) return;
    this.#sent = [...this.#sent, now];
    const { client, version, base } = this.#replica;
    const { expected, actual } = mismatch ?? { expected: 0, actual: base.checksum };
    const details = this.#details(message, commits);
    const reached = mismatch?.version ?? version;
    this.#send({ type: "report", document: this.#document, client, version: reached, expected, actual, details });
  }

  /** As JSON; the oldest commits and the ends of operations are left out where it would be too long. */
  #details(reason: string, commits: readonly Committed[]): string {
    for (let most = COMPONENTS; ; most >>= 1) {
      const details = JSON.stringify(this.#facts(reason.slice(0, 200), commits, most));
      if (details.length <= LONGEST_DETAILS || most === 0) return details;
    }
  }

  /** @param most components of one operation, and half as many commits */
  #facts(reason: string, commits: readonly Committed[], most: number) {
    const { version, sequence, inFlight, buffer, base, visible, identicalInserts, client } = this.#replica;
    return {
      engine: ENGINE_VERSION,
      reason,
      base: { version, length: base.length, checksum: base.checksum },
      visible: { length: visible.length, checksum: visible.checksum },
      sequence,
      identicalInserts,
      inFlight: inFlight && shapeOf(inFlight, most),
      buffer: buffer && shapeOf(buffer, most),
      last: commits.slice(Math.max(0, commits.length - (most >> 1))).map((commit) => ({
        from: commit.from,
        to: commit.version,
        own: commit.client === client,
        operation: shapeOf(commit.operation, most),
      })),
    };
  }
}
