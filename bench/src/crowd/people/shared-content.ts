import { Document } from "@tutti/ot";
import type { Committed, Opened } from "@tutti/protocol";

interface Step {
  readonly before: Document;
  readonly message: Committed;
  readonly after: Document;
}

const REMEMBERED = 32;

/**
 * What the readers of one process have. Each has a content of its own, but those who were told the same share it: a
 * content that never changes is computed once, and what leads to another one is applied once. So thousands of replicas
 * are checked at every version for the price of one.
 */
export class SharedContent {
  readonly #steps: Step[] = [];
  readonly #opened = new Map<number, Document>();

  /** @throws Error when it is not what the server says it is */
  open({ version, checksum, content = [], part }: Opened): Document {
    if (part !== undefined) throw new Error("the benchmark takes no content in parts");
    const known = this.#opened.get(version);
    const document = known ?? Document.fromDelta(content);
    check(document, version, checksum);
    this.#opened.set(version, document);
    return document;
  }

  /** @throws Error when the result is not what the server says it is */
  after(before: Document, message: Committed): Document {
    for (const step of this.#steps) if (step.before === before && step.message === message) return step.after;
    const after = applyAll(before, message);
    this.#steps.unshift({ before, message, after });
    this.#steps.length = Math.min(this.#steps.length, REMEMBERED);
    return after;
  }
}

function applyAll(before: Document, { version, changes }: Committed): Document {
  let document = before;
  let reached = version - 1;
  for (const { operation, checksum, versions = 1 } of changes) {
    if (operation === undefined) throw new Error("a change without an operation, to somebody who wrote nothing");
    document = document.apply(operation);
    reached += versions;
    check(document, reached, checksum);
  }
  return document;
}

/** @throws Error when a replica is not what the server says it is (C6) */
export function check(document: Document, version: number, expected: number | undefined): void {
  if (expected !== undefined && document.checksum !== expected) {
    throw new Error(`version ${version} has the checksum ${document.checksum}; the server says ${expected}`);
  }
}

/** The newest version that a message leads to. */
export const lastVersion = ({ version, changes }: Committed): number =>
  changes.reduce((sum, { versions = 1 }) => sum + versions, version - 1);
