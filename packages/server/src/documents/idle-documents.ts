import type { Cancel, Clock } from "@tutti/protocol";
import type { Protection } from "../protection/defaults.js";

export type IdleRules = Pick<Protection, "idleDocuments" | "idleDocumentBytes" | "idleDocumentTime">;

interface Resting {
  readonly bytes: number;
  readonly cancel: Cancel;
}

/**
 * Documents that nobody has open, still in memory for whoever comes back soon. Each stays for a while; when they are too
 * many or too large together, those that were used longest ago go first (S3, S12).
 */
export class IdleDocuments {
  readonly #rules: IdleRules;
  readonly #clock: Clock;
  readonly #unload: (id: string) => void;
  /** The one that was used longest ago first. */
  readonly #resting = new Map<string, Resting>();
  #bytes = 0;

  /** @param unload called for each that has to go, which is not among these any more then */
  constructor(rules: IdleRules, clock: Clock, unload: (id: string) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#unload = unload;
  }

  has(id: string): boolean {
    return this.#resting.has(id);
  }

  /** Nobody has this document open any more. @param bytes about how much memory it takes */
  rest(id: string, bytes: number): void {
    this.wake(id);
    const cancel = this.#clock.schedule(this.#rules.idleDocumentTime, () => this.#evict(id));
    this.#resting.set(id, { bytes, cancel });
    this.#bytes += bytes;
    for (const oldest of this.#resting.keys()) {
      if (this.#resting.size <= this.#rules.idleDocuments && this.#bytes <= this.#rules.idleDocumentBytes) return;
      this.#evict(oldest);
    }
  }

  /** Somebody uses it again. */
  wake(id: string): void {
    const resting = this.#resting.get(id);
    if (resting === undefined) return;
    resting.cancel();
    this.#resting.delete(id);
    this.#bytes -= resting.bytes;
  }

  /** Forgets all of them without unloading any. */
  clear(): void {
    for (const id of [...this.#resting.keys()]) this.wake(id);
  }

  #evict(id: string): void {
    this.wake(id);
    this.#unload(id);
  }
}
