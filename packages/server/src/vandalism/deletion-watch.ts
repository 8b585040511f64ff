import { isDelete, lengthDifference, type Operation } from "@tutti/ot";
import type { Commit } from "./commit.js";
import type { VandalismRules } from "./rules.js";

/** One person seems to have deleted more than may go unseen. */
export interface Suspicion {
  readonly document: string;
  readonly commit: Commit;
  /** The first version of what they deleted within the window. */
  readonly first: number;
  /** Units that they deleted since, their own newer ones included. */
  readonly removed: number;
  /** Of the document when it was longest since. */
  readonly length: number;
  /** True when this commit alone is reason enough: nothing that they wrote meanwhile can explain it. */
  readonly certain: boolean;
}

/** What one person deleted in a short time, added up. */
interface Share {
  readonly first: number;
  readonly time: number;
  length: number;
  removed: number;
}

interface Watched {
  shares: Share[];
  /** Nothing is noted before this time: what happens until then belongs to an alert that there is already. */
  quietUntil: number;
}

/** People watched at once, each in one document; who deleted something the longest time ago is forgotten first. */
const MOST_WATCHED = 10_000;
/** Into so many shares a window is divided. */
const SHARES = 20;

/**
 * Adds up what each person deletes in each document within a window (L4). Pure but for its bounded memory; O(components)
 * for a commit, and nothing is remembered of one without a delete.
 */
export class DeletionWatch {
  readonly #rules: VandalismRules;
  readonly #watched = new Map<string, Watched>();

  constructor(rules: VandalismRules) {
    this.#rules = rules;
  }

  /** How many people are watched now. */
  get size(): number {
    return this.#watched.size;
  }

  /**
   * Takes note of the operations of one commit, in order.
   * @param length of the document after all of them, in UTF-16 units
   */
  note(document: string, commits: readonly Commit[], length: number): readonly Suspicion[] {
    const suspicions: Suspicion[] = [];
    let before = length - commits.reduce((sum, { operation }) => sum + lengthDifference(operation), 0);
    for (const commit of commits) {
      const removed = deletedBy(commit.operation);
      const suspicion = removed === 0 ? undefined : this.#add(document, commit, removed, before);
      if (suspicion !== undefined) suspicions.push(suspicion);
      before += lengthDifference(commit.operation);
    }
    return suspicions;
  }

  /** What a person does here until a time, in milliseconds, is accounted for by an alert; undefined: from now on it is not. */
  quiet(document: string, user: string, until: number | undefined): void {
    if (until === undefined) this.#watched.delete(keyOf(document, user));
    else this.#watched.set(keyOf(document, user), { shares: [], quietUntil: until });
  }

  /** So many of the units that a person deleted here were nobody's loss. */
  forgive(document: string, user: string, units: number): void {
    let left = units;
    for (const share of this.#watched.get(keyOf(document, user))?.shares ?? []) {
      const forgiven = Math.min(left, share.removed);
      share.removed -= forgiven;
      left -= forgiven;
    }
  }

  #add(document: string, commit: Commit, removed: number, length: number): Suspicion | undefined {
    const watched = this.#watch(keyOf(document, commit.user));
    if (commit.time <= watched.quietUntil) return undefined;
    watched.shares = watched.shares.filter(({ time }) => time > commit.time - this.#rules.window);
    addTo(watched.shares, commit, removed, length, this.#rules.window / SHARES);
    const sum = watched.shares.reduce((total, share) => total + share.removed, 0);
    const longest = Math.max(...watched.shares.map((share) => share.length));
    const certain = this.isMass(removed, length);
    if (!certain && !this.isMass(sum, longest)) return undefined;
    const first = watched.shares[0]?.first ?? commit.version;
    return { document, commit, first, removed: sum, length: longest, certain };
  }

  /** Whether so many units are more than may be deleted of a document of this length. */
  isMass(removed: number, length: number): boolean {
    return length >= this.#rules.length && removed * 100 > length * this.#rules.share;
  }

  #watch(key: string): Watched {
    const watched = this.#watched.get(key) ?? { shares: [], quietUntil: Number.NEGATIVE_INFINITY };
    this.#watched.delete(key);
    this.#watched.set(key, watched);
    const [oldest] = this.#watched.keys();
    if (this.#watched.size > MOST_WATCHED && oldest !== undefined) this.#watched.delete(oldest);
    return watched;
  }
}

function addTo(shares: Share[], { version, time }: Commit, removed: number, length: number, span: number): void {
  const last = shares.at(-1);
  if (last === undefined || time >= last.time + span) {
    shares.push({ first: version, time, length, removed });
  } else {
    last.removed += removed;
    last.length = Math.max(last.length, length);
  }
}

const deletedBy = (operation: Operation): number =>
  operation.reduce((sum, part) => (isDelete(part) ? sum + part.delete : sum), 0);

const keyOf = (document: string, user: string): string => `${document}\n${user}`;
