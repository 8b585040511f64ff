import { basePosition, type Operation, transformPosition } from "@tutti/ot";
import type { Cancel, Clock, Cursor } from "@tutti/protocol";
import type { Replica } from "../document/replica.js";
import { type Commit, moveCursor, sameCursor } from "./commits.js";
import type { CursorRange } from "./people.js";

/** What I do with the text: "viewing" when the app lets me look only. */
export type Activity = "editing" | "viewing";

export interface OwnCursorOptions {
  readonly replica: Replica;
  readonly clock: Clock;
  /** From one move to the next, in milliseconds. */
  pause(): number;
  activity(): Activity;
  /** Tells the others. */
  send(cursor: Cursor | null, activity: Activity): void;
}

/** Where I am, and where the others take me to be: told at once, then at intervals; the newest wins (P3). */
export class OwnCursor {
  readonly #options: OwnCursorOptions;
  /** In what I see. */
  #own: CursorRange | null = null;
  /** Where the others take me to be, at the version of the replica. */
  #announced: Cursor | null = null;
  #activity: Activity = "editing";
  #live = false;
  #lastSent = Number.NEGATIVE_INFINITY;
  #trailing: Cancel | undefined;

  constructor(options: OwnCursorOptions) {
    this.#options = options;
  }

  set(cursor: CursorRange | null): void {
    this.#own = cursor;
    this.announce();
  }

  /** What I see changed: my cursor moves with my own text, and stays in front of other people's. */
  textChanged(delta: Operation, origin: "local" | "remote"): void {
    if (this.#own === null) return;
    const bias = origin === "local" ? "right" : "left";
    const { anchor, head } = this.#own;
    this.#own = { anchor: transformPosition(delta, anchor, bias), head: transformPosition(delta, head, bias) };
  }

  committed(commit: Commit): void {
    this.#announced = this.#announced && moveCursor(this.#announced, this.#options.replica.client, commit);
  }

  /** @param live somebody could be told */
  settled(live: boolean): void {
    if (this.#live && !live) this.#lost();
    this.#live = live;
    this.announce();
  }

  /** @param anyway also where the others know it already, and sooner than usual */
  announce(anyway = false): void {
    if (!this.#live || (!anyway && (this.#trailing !== undefined || this.#isAnnounced()))) return;
    const { clock, pause, activity, send } = this.#options;
    const wait = anyway ? 0 : this.#lastSent + pause() - clock.now();
    if (wait > 0) {
      this.#trailing = clock.schedule(wait, () => {
        this.#trailing = undefined;
        this.announce();
      });
      return;
    }
    this.#lastSent = clock.now();
    this.#announced = this.#current();
    this.#activity = activity();
    send(this.#announced, this.#activity);
  }

  /** Nobody sees me any more: the first move after this one goes at once. */
  #lost(): void {
    this.#announced = null;
    this.#activity = "editing";
    this.#lastSent = Number.NEGATIVE_INFINITY;
    this.#trailing?.();
    this.#trailing = undefined;
  }

  #isAnnounced(): boolean {
    return this.#activity === this.#options.activity() && sameCursor(this.#current(), this.#announced);
  }

  #current(): Cursor | null {
    if (this.#own === null) return null;
    const { anchor, head } = this.#own;
    const { version } = this.#options.replica;
    return { anchor: this.#serverPosition(anchor), head: this.#serverPosition(head), version };
  }

  #serverPosition(position: number): number {
    return this.#options.replica.pending.reduceRight((moved, operation) => basePosition(operation, moved), position);
  }
}
