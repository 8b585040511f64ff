import { compose, isNoop, type Operation } from "@tutti/ot";
import type { Acknowledged, Change, Committed, Open, Opened } from "@tutti/protocol";
import type { Trial } from "../conflict/trial.js";
import { ArrivingContent } from "./arriving-content.js";
import { Divergence } from "./divergence.js";
import type { Committed as CommitEffect, Replica } from "./replica.js";

/** Who is told what the server's messages did to the replica. */
export interface IncomingEvents {
  /** A version was committed. */
  committed(commit: CommitEffect): void;
  /** A content came, and this changed in what the person sees. */
  replaced(delta: Operation): void;
}

/**
 * "again": something is missing, the document has to be opened anew; "waiting": there is more to come; "declined": it
 * was not taken, see `opened`.
 */
export type Arrival = "taken" | "waiting" | "again" | "declined";

/**
 * Whether both sides are left as they are, because the person has to choose first.
 * @param overtaken the server has operations of this client that this replica knows nothing of; what is pending may be
 *   part of them
 */
export type Declines = (message: Opened, overtaken: boolean) => boolean;

/**
 * What the server tells of a document, put into the replica: each version exactly once and in order, however often and
 * in however large pieces it comes (C5). All methods throw `Divergence` where the two do not fit together (C6).
 */
export class Incoming {
  readonly #replica: Replica;
  readonly #events: IncomingEvents;
  readonly #arriving = new ArrivingContent();
  /** The content was here once: from then on changes are enough. */
  #known = false;
  /** The replica diverged: changes are not enough, the content must come. */
  #diverged = false;
  /** The server was told that the content will do as well as what changed. */
  #choice = false;

  constructor(replica: Replica, events: IncomingEvents) {
    this.#replica = replica;
    this.#events = events;
  }

  /** The content is here, of whatever version. */
  get known(): boolean {
    return this.#known;
  }

  get diverged(): boolean {
    return this.#diverged;
  }

  /** The replica was restored from what is stored here: what changed since will do. */
  restored(): void {
    this.#known = true;
  }

  /** From now on nothing but the whole content will do. */
  markDiverged(): void {
    this.#diverged = this.#known;
  }

  /** What to ask for: what changed since the version that is here, or the content. */
  request(document: string): Open {
    const { client, version, synchronised } = this.#replica;
    const open = { type: "open", document, client, pieces: true, attendance: true } as const;
    const changes = this.#known && !this.#diverged;
    this.#choice = changes && synchronised;
    this.#arriving.clear();
    return changes ? { ...open, version, ...(synchronised && { content: true }) } : open;
  }

  /**
   * The next answer to what `request` said. When it is "taken", the replica is what the server has, and what is pending.
   * @param declines asked before the replica is touched, where something is pending
   * @throws Divergence
   */
  opened(answer: Opened, declines: Declines): Arrival {
    const message = this.#arriving.take(answer);
    if (message === undefined) return "waiting";
    const { content } = message;
    const pending = !this.#replica.pending.every(isNoop);
    // Somebody typed in the meantime: what changed is needed after all, to know where that belongs.
    if (content && this.#choice && !this.#replica.synchronised) return "again";
    const overtaken = pending && message.sequence > this.#replica.sequence;
    if (overtaken && content === undefined) {
      // What changed has operations of this client's in it that are not in flight here.
      this.markDiverged();
      return "again";
    }
    if (this.#known && pending && declines(message, overtaken)) return "declined";
    this.#take(message);
    return "taken";
  }

  /** What would become of both sides if this answer was taken; the replica stays as it is. @throws Divergence */
  tryOut(message: Opened): Trial {
    const [mine, visible] = [this.#replica.pending, this.#replica.visible];
    const replica = this.#replica.fork();
    let theirs: Operation = [];
    const moved = (delta: Operation): void => {
      theirs = compose(theirs, delta);
    };
    const trial = new Incoming(replica, { committed: ({ delta }) => moved(delta), replaced: moved });
    trial.#known = true;
    trial.#diverged = this.#diverged;
    trial.#take(message);
    return { mine, visible, changes: theirs, theirs: replica.base, merged: replica.visible };
  }

  #take(message: Opened): void {
    // Before anything is transformed; a server that does not know the setting merges.
    this.#replica.identicalInserts = message.identicalInserts ?? "merge";
    if (message.content && this.#countsOtherwise(message)) this.#replica.recall();
    if (message.content) this.#takeContent(message, message.content);
    else this.#catchUp(message, message.changes ?? []);
    this.#known = true;
    this.#diverged = false;
  }

  /** The operation in flight is neither the server's newest one nor its next one. */
  #countsOtherwise({ sequence }: Opened): boolean {
    return sequence !== this.#replica.sequence && sequence !== this.#replica.sequence - 1;
  }

  /** @throws Divergence */
  committed({ version, changes }: Committed): Arrival {
    if (version > this.#replica.version + 1) return "again";
    this.#apply(version, changes);
    return "taken";
  }

  /** @throws Divergence */
  acknowledged({ sequence, version }: Acknowledged): Arrival {
    if (version <= this.#replica.version) return "taken";
    if (version > this.#replica.version + 1) return "again";
    const { client } = this.#replica;
    this.#events.committed(this.#replica.commit({ client, sequence, checksum: undefined }));
    return "taken";
  }

  /** Pending edits are moved over the difference: the server may have lost the changes in between. */
  #takeContent({ version, checksum, sequence }: Opened, content: Operation): void {
    const delta = this.#replica.replace(content, version, checksum, sequence);
    if (this.#known && delta.length > 0) this.#events.replaced(delta);
  }

  #catchUp(message: Opened, changes: readonly Change[]): void {
    if (!this.#known || this.#diverged) throw new Divergence("the content was asked for, and did not come");
    const versions = changes.reduce((sum, change) => sum + (change.versions ?? 1), 0);
    this.#apply(message.version - versions + 1, changes);
    this.#replica.verify(message.version, message.checksum);
    const { inFlight, sequence } = this.#replica;
    if (message.sequence > sequence || (inFlight !== undefined && message.sequence === sequence)) {
      throw new Divergence(`sequence ${message.sequence} is committed, but did not come`);
    }
  }

  /** @param version the first one that the first of the changes makes */
  #apply(version: number, changes: readonly Change[]): void {
    let from = version - 1;
    for (const change of changes) {
      const to = from + (change.versions ?? 1);
      if (to > this.#replica.version) {
        if (from !== this.#replica.version) throw new Divergence(`versions ${from + 1} to ${to} came as one`);
        this.#events.committed(this.#replica.commit(change));
      }
      from = to;
    }
  }
}
