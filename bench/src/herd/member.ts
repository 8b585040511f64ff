import { type DocumentHandle, type Status, TuttiClient } from "@tutti/client";
import { countingWays } from "./counting-ways.js";
import type { Journey, Seat } from "./messages.js";

/** What a person reads when the document is open, and up to date but for what they type. */
const HERE: ReadonlySet<Status> = new Set<Status>(["Saved", "Saving…", "Presence unavailable", "Read-only mode"]);

/** One client of the herd with its document: the SDK as applications have it, over real sockets. */
export class Member {
  readonly seat: Seat;
  readonly handle: DocumentHandle;
  #attempts: number[] = [];
  #lost: number | undefined;
  #back: number | undefined;
  #lostAgain = 0;

  constructor(url: string, seat: Seat) {
    this.seat = seat;
    const { token, document } = seat;
    const client = new TuttiClient({ url, token, ...countingWays(() => this.#attempts.push(Date.now())) });
    this.handle = client.open(document);
    this.handle.on("status", () => this.#changed());
  }

  get here(): boolean {
    return HERE.has(this.handle.status);
  }

  get isBack(): boolean {
    return this.#back !== undefined;
  }

  /** From now on. */
  watch(): void {
    this.#attempts = [];
    this.#lost = undefined;
    this.#back = undefined;
    this.#lostAgain = 0;
  }

  get journey(): Journey {
    return { attempts: this.#attempts, lost: this.#lost, back: this.#back, lostAgain: this.#lostAgain };
  }

  #changed(): void {
    if (this.here) {
      if (this.#lost !== undefined) this.#back ??= Date.now();
    } else if (this.handle.status === "Working offline") {
      if (this.#back !== undefined) this.#lostAgain += 1;
      this.#lost ??= Date.now();
    }
  }
}
