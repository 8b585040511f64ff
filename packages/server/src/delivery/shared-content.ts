import type { Document, Operation } from "@tutti/ot";
import type { Cancel, Clock } from "@tutti/protocol";

/** How long (ms) a content that somebody was sent is kept for the next ones who come. */
const KEPT = 1000;

/**
 * A content as a Delta, the same one for all who come to the same version within a second, so that it is encoded once
 * for a whole crowd (S11). A Delta and its bytes are as large as the document, so nothing is kept when nobody comes.
 */
export class SharedContent {
  readonly #clock: Clock;
  #kept: { readonly content: Document; readonly delta: Operation } | undefined;
  #forgetting: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  deltaOf(content: Document): Operation {
    if (this.#kept?.content === content) return this.#kept.delta;
    this.forget();
    const delta = content.toDelta();
    this.#kept = { content, delta };
    this.#forgetting = this.#clock.schedule(KEPT, () => this.forget());
    return delta;
  }

  forget(): void {
    this.#forgetting?.();
    this.#forgetting = undefined;
    this.#kept = undefined;
  }
}
