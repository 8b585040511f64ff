import type { Document, Operation } from "@tutti/ot";
import { type ErrorData, TuttiError } from "@tutti/protocol";
import { loadAfterwards } from "../loading-afterwards.js";
import type { DocumentHandle } from "../types.js";
import type { Conflict, ConflictReason } from "./conflict.js";

/** Both texts, and what becomes of them when they are merged. */
export interface Comparison {
  readonly theirs: Document;
  readonly merged: Document;
}

export type Choice = "merge" | "discard";

/** What a conflict needs to know and to do. */
export interface ConflictGround {
  readonly reason: ConflictReason;
  readonly error: ErrorData | undefined;
  /** What the person sees. */
  mine(): Document;
  /** undefined: the server's text can't be had. */
  comparison(): Comparison | undefined;
  /** The person chose; the conflict is over, unless this throws. */
  resolved(choice: Choice): void;
  /** Opens another document. */
  open(id: string): DocumentHandle;
}

/** A conflict that waits for the choice of the person. After it, its texts can still be read. */
export class OpenConflict implements Conflict {
  readonly reason: ConflictReason;
  readonly error: ErrorData | undefined;
  readonly #ground: ConflictGround;
  #state: "open" | "copying" | "over" = "open";

  constructor(ground: ConflictGround) {
    this.reason = ground.reason;
    this.error = ground.error;
    this.#ground = ground;
  }

  get mine(): Operation {
    return this.#ground.mine().toDelta();
  }

  get theirs(): Operation | undefined {
    return this.#ground.comparison()?.theirs.toDelta();
  }

  get merged(): Operation | undefined {
    return this.#ground.comparison()?.merged.toDelta();
  }

  merge(): void {
    this.#choose("merge");
  }

  discard(): void {
    this.#choose("discard");
  }

  async keepAsCopy(create: () => Promise<string>): Promise<DocumentHandle> {
    this.#checkOpen();
    this.#state = "copying";
    let copy: DocumentHandle | undefined;
    try {
      copy = this.#ground.open(await create());
      await this.#fill(copy);
    } catch (error) {
      copy?.close();
      if (this.#state === "copying") this.#state = "open";
      throw error;
    }
    if (this.#state === "copying") {
      this.#state = "open";
      this.#choose("discard");
    }
    return copy;
  }

  /** Another conflict takes its place, or the document is closed. */
  supersede(): void {
    this.#state = "over";
  }

  /** Puts my text into the copy, and what is typed until it is saved there. */
  async #fill(copy: DocumentHandle): Promise<void> {
    await copy.ready;
    const { diff } = await loadAfterwards();
    let copied: Document | undefined;
    while (copied !== this.#ground.mine()) {
      const mine = this.#ground.mine();
      copy.edit(copied === undefined ? mine.toDelta() : diff(copied, mine));
      copied = mine;
      await copy.saved();
    }
  }

  #choose(choice: Choice): void {
    this.#checkOpen();
    this.#state = "over";
    try {
      this.#ground.resolved(choice);
    } catch (error) {
      this.#state = "open";
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#state === "open") return;
    throw new TuttiError("unexpected_message", `the conflict is ${this.#state}`);
  }
}
