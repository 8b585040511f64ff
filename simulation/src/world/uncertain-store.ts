import type { Random } from "@tutti/protocol";
import { type Append, type AppendOutcome, ForwardingStore, type Store, StoreError } from "@tutti/server";

/**
 * A store whose answers get lost: an append may be durable although it was reported as failed, as when a connection to
 * a database breaks between commit and answer.
 */
export class UncertainStore extends ForwardingStore {
  /** The probability that the answer to an append is lost. */
  lostAnswers = 0;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    super(store);
    this.#random = random;
  }

  override async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    const outcomes = await this.inner.append(appends);
    if (this.#random.next() < this.lostAnswers) throw new StoreError("unavailable", "the answer was lost");
    return outcomes;
  }
}
