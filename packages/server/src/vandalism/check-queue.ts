import { EMBED_CHARACTER, isInsert, type Operation } from "@tutti/ot";
import type { Cancel, Clock } from "@tutti/protocol";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { Commit } from "./commit.js";
import type { ContentCheck, Passage } from "./content-check.js";
import type { VandalismRules } from "./rules.js";

export interface CheckQueueEnvironment {
  readonly check: ContentCheck;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
  readonly rules: VandalismRules;
  /** Told of what the check flags. */
  readonly flagged: (passage: Passage, reason: string) => void;
}

interface Waiting {
  readonly key: string;
  /** When it is checked at the earliest. */
  readonly due: number;
  passage: Passage;
}

/** UTF-16 units up to which edits are gathered into one passage; a longer one is a passage of its own. */
const LONGEST_PASSAGE = 200_000;
/** UTF-16 units of all that wait; texts that don't fit are not checked. */
const MOST_UNITS = 4_000_000;
const LONGEST_REASON = 200;

/**
 * What people wrote, on its way to the content check (L4): gathered for a moment, so that a word is a word and not six
 * keystrokes; one passage at a time; bounded in number and size.
 */
export class CheckQueue {
  readonly #env: CheckQueueEnvironment;
  /** In the order in which they are due. */
  readonly #waiting: Waiting[] = [];
  /** Those that still grow, by document and person. */
  readonly #growing = new Map<string, Waiting>();
  /** Of the answer that is waited for. */
  #asking: AbortController | undefined;
  #stopped = false;
  #units = 0;
  /** Texts are left out, and that was said; it is said again only after the queue was empty. */
  #full = false;
  #busy = false;
  #next: Cancel | undefined;

  constructor(env: CheckQueueEnvironment) {
    this.#env = env;
  }

  /** How many texts wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Takes what one commit inserted. O(components) */
  note(document: string, { user, version, operation }: Commit): void {
    const text = insertedBy(operation);
    if (text === "" || this.#stopped) return;
    const key = `${document}\n${user}`;
    const growing = this.#growing.get(key);
    const joins = growing !== undefined && growing.passage.text.length + text.length <= LONGEST_PASSAGE;
    if (!this.#hasRoom(text.length, joins)) return;
    this.#units += text.length;
    if (joins) {
      growing.passage = { ...growing.passage, last: version, text: growing.passage.text + text };
    } else {
      const due = this.#env.clock.now() + this.#env.rules.checkPause;
      const waiting = { key, due, passage: { document, user, first: version, last: version, text } };
      this.#waiting.push(waiting);
      this.#growing.set(key, waiting);
      this.#plan();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#asking?.abort();
    this.#next?.();
    this.#waiting.length = 0;
    this.#growing.clear();
  }

  #hasRoom(units: number, joins: boolean): boolean {
    const { rules, observer, log } = this.#env;
    const full = this.#units + units > MOST_UNITS || (!joins && this.#waiting.length >= rules.checkQueue);
    if (full) observer.contentCheck("dropped");
    if (full && !this.#full) log.warn("the content check does not keep up; some texts are not checked");
    this.#full ||= full;
    return !full;
  }

  #plan(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#busy || this.#next !== undefined) return;
    this.#next = this.#env.clock.schedule(Math.max(0, first.due - this.#env.clock.now()), () => {
      this.#next = undefined;
      void this.#checkFirst();
    });
  }

  /** Never rejects. */
  async #checkFirst(): Promise<void> {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    if (this.#growing.get(waiting.key) === waiting) this.#growing.delete(waiting.key);
    this.#units -= waiting.passage.text.length;
    this.#busy = true;
    await this.#check(waiting.passage);
    this.#busy = false;
    if (this.#waiting.length === 0) this.#full = false;
    this.#plan();
  }

  async #check(passage: Passage): Promise<void> {
    const { observer, log, flagged } = this.#env;
    try {
      const reason = await this.#answer(passage);
      observer.contentCheck(reason === undefined ? "clean" : "flagged");
      if (reason !== undefined) flagged(passage, tidy(reason));
    } catch (error) {
      observer.contentCheck("failed");
      if (this.#stopped) return;
      const { document, first, last } = passage;
      log.warn("the content check failed; this text is not checked", { document, first, last, ...errorFields(error) });
    }
  }

  /** @throws whatever the check throws; Error when it takes too long */
  async #answer(passage: Passage): Promise<string | undefined> {
    const { check, clock, rules } = this.#env;
    // One for each answer: what a check ties to the signal must not outlive it.
    const asking = new AbortController();
    this.#asking = asking;
    const cancel = clock.schedule(rules.checkTime, () => asking.abort());
    try {
      const over = new Promise<never>((_resolve, reject) => {
        asking.signal.addEventListener("abort", () => reject(new Error("it took too long")), { once: true });
      });
      // Asked from within a promise: should it throw at once, nobody would listen to the other one.
      const answer = (async (): Promise<unknown> => check.check(passage, asking.signal))();
      const reason = await Promise.race([over, answer]);
      if (reason === undefined || typeof reason === "string") return reason;
      throw new TypeError("it answered with something else than a text or undefined");
    } finally {
      cancel();
      this.#asking = undefined;
    }
  }
}

function insertedBy(operation: Operation): string {
  return operation
    .filter(isInsert)
    .map(({ insert }) => (typeof insert === "string" ? insert : EMBED_CHARACTER))
    .join("");
}

/** Well formed, and no longer than a message may carry. */
const tidy = (reason: string): string => reason.slice(0, LONGEST_REASON).replace(/\p{Surrogate}/gu, "\uFFFD");
