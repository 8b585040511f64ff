import type { Document } from "@tutti/ot";
import { delivery } from "@tutti/ot";
import type { Cancel, Change, Clock, Opened } from "@tutti/protocol";
import { isLarge, partOf } from "../delivery/content-parts.js";
import type { Gap, Reader } from "../delivery/reader.js";
import { SharedContent } from "../delivery/shared-content.js";
import { SharedMessage } from "../delivery/shared-message.js";
import { TimeSlices } from "../delivery/time-slices.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import { changeOfPiece } from "./broadcast.js";
import type { History, HistoryPiece } from "./history.js";
import { frameBytesOf } from "./weight.js";

export interface DeliveryEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
  /** Told when a round begins that brings those who view to the newest version. */
  readonly roundBegins?: (document: string) => void;
}

/** The answer to `open` but for what leads to its version. */
export type Opening = Omit<Opened, "type" | "content" | "changes" | "presence" | "part">;

/** What somebody who opens a document wants, and what there is for them. */
export interface Arrival {
  /** The version that they have; undefined: nothing. */
  readonly has: number | undefined;
  /** They would be content with the content, where that is smaller. */
  readonly choice: boolean;
  readonly opening: Opening;
  /** At `opening.version`. */
  readonly content: Document;
  /** Who else is here, asked when the answer goes out. */
  readonly presence: () => Opened["presence"];
}

/** Content on its way to a reader, part by part. */
interface Streaming {
  readonly arrival: Arrival;
  /** Where the next part starts. */
  from: number;
}

/** How often (ms) readers without room are looked at again. */
const POLL = 25;
/** Single operations, and about how many bytes of pieces, that go into one message to somebody who is behind. */
const SINGLES_AT_ONCE = 500;
const MESSAGE_BYTES = 1_000_000;
/** Beyond this many versions nothing is composed for somebody who would be content with the content. */
const COMPOSED_FOR_CHOICE = 50_000;

/**
 * Brings single readers to the newest version: those who come, those who come back, those who had no room. What a reader
 * missed is composed when there is room for it, and nothing is queued (S6); large content goes out in parts (S3).
 */
export class BringingOn {
  readonly #document: string;
  readonly #history: History;
  readonly #env: DeliveryEnvironment;
  readonly #isHere: (reader: Reader) => boolean;
  readonly #contents: SharedContent;
  readonly #streaming = new Map<Reader, Streaming>();
  /** Those who wait for room. */
  readonly #waiting = new Set<Reader>();
  #polling: Cancel | undefined;

  /** @param isHere false when a reader has left */
  constructor(document: string, history: History, env: DeliveryEnvironment, isHere: (reader: Reader) => boolean) {
    this.#document = document;
    this.#history = history;
    this.#env = env;
    this.#isHere = isHere;
    this.#contents = new SharedContent(env.clock);
  }

  /** True for a reader who was told everything up to this version, and is being told nothing else now. */
  isLive(reader: Reader, version: number): boolean {
    return reader.sent === version && this.isFree(reader);
  }

  /** True for a reader who is not being brought on now. */
  isFree(reader: Reader): boolean {
    return !reader.busy && !this.#streaming.has(reader);
  }

  /** Answers somebody who was just let in with what they need. @throws StoreError */
  async open(reader: Reader, arrival: Arrival): Promise<void> {
    const { opening, has, presence } = arrival;
    const { participant } = reader;
    const changes = has === undefined ? undefined : await this.#changesUnless(reader, arrival);
    if (!this.#isHere(reader)) return;
    if (changes !== undefined) {
      this.#env.observer.caughtUp(opening.version - reader.sent, changes.length);
      reader.sent = opening.version;
      participant.send(new SharedMessage({ type: "opened", ...opening, changes, presence: presence() }));
    } else {
      // What they have is thrown away, and nothing of it is pending.
      if (has !== undefined) reader.startAnew(delivery(opening.version));
      this.#startContent(reader, arrival);
    }
    reader.busy = false;
  }

  /** Brings a reader on, now if it has room and is not being brought on already. */
  advance(reader: Reader): void {
    if (this.isLive(reader, this.#history.version) || reader.busy) return;
    if (reader.participant.hasRoom) void this.#bringOn(reader);
    else this.#wait(reader);
  }

  forget(reader: Reader): void {
    this.#streaming.delete(reader);
    this.#waiting.delete(reader);
  }

  /** Forgets everybody. */
  stop(): void {
    this.#streaming.clear();
    this.#waiting.clear();
    this.#contents.forget();
    this.#polling?.();
    this.#polling = undefined;
  }

  /** The changes that lead a reader to a version; undefined where the content is the better answer. */
  async #changesUnless(
    reader: Reader,
    { opening: { version }, content, choice }: Arrival,
  ): Promise<readonly Change[] | undefined> {
    if (choice && version - reader.sent > COMPOSED_FOR_CHOICE) return undefined;
    reader.decide(version, "span");
    const pieces = await this.#history.pieces(reader.gaps(reader.sent, version));
    if (choice && isLighter(content, pieces)) return undefined;
    return pieces.map((piece) => changeOfPiece(reader, piece));
  }

  #startContent(reader: Reader, arrival: Arrival): void {
    const { opening, content, presence } = arrival;
    if (reader.participant.pieces && isLarge(content)) {
      this.#streaming.set(reader, { arrival, from: 0 });
    } else {
      const delta = this.#contents.deltaOf(content);
      reader.participant.send(new SharedMessage({ type: "opened", ...opening, content: delta, presence: presence() }));
    }
  }

  /** Never rejects. */
  async #bringOn(reader: Reader): Promise<void> {
    reader.busy = true;
    this.#waiting.delete(reader);
    const slices = new TimeSlices(this.#env.clock);
    try {
      while (this.#isHere(reader) && reader.participant.hasRoom) {
        if (!(this.#streaming.has(reader) ? this.#sendPart(reader) : await this.#sendMissed(reader))) break;
        await slices.rest();
      }
    } catch (error) {
      this.#env.log.warn("a reader could not be told what it missed; it is tried again", {
        document: this.#document,
        ...errorFields(error),
      });
    }
    reader.busy = false;
    if (this.#isHere(reader) && !this.isLive(reader, this.#history.version)) this.#wait(reader);
  }

  /** @returns false when there is nothing more */
  async #sendMissed(reader: Reader): Promise<boolean> {
    const { version } = this.#history;
    if (reader.sent >= version) return false;
    reader.decide(version, "span");
    const pieces = await this.#history.pieces(firstOf(reader.gaps(reader.sent, version)));
    if (!this.#isHere(reader)) return false;
    const changes = upToSize(pieces);
    const last = changes.at(-1)?.last.version ?? reader.sent;
    const message = {
      type: "committed",
      document: this.#document,
      version: reader.sent + 1,
      changes: changes.map((piece) => changeOfPiece(reader, piece)),
    } as const;
    this.#env.observer.caughtUp(last - reader.sent, changes.length);
    reader.sent = last;
    reader.participant.send(new SharedMessage(message));
    return last < this.#history.version;
  }

  /** @returns true: what was committed meanwhile comes after the last part */
  #sendPart(reader: Reader): boolean {
    const streaming = this.#streaming.get(reader);
    if (streaming === undefined) return false;
    const { opening, content, presence } = streaming.arrival;
    const part = partOf(content, streaming.from);
    streaming.from = part.to;
    const last = part.to >= content.length;
    if (last) this.#streaming.delete(reader);
    reader.participant.send(
      new SharedMessage({
        type: "opened",
        ...opening,
        content: part.content,
        presence: last ? presence() : [],
        part: { from: part.from, length: content.length },
      }),
    );
    return true;
  }

  /** Looks again after a while at those who had no room. */
  #wait(reader: Reader): void {
    this.#waiting.add(reader);
    this.#polling ??= this.#env.clock.schedule(POLL, () => {
      this.#polling = undefined;
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const one of waiting) this.advance(one);
    });
  }
}

/** Of gaps that are told one operation after the other only so much as goes into one message. */
function firstOf(gaps: readonly Gap[]): readonly Gap[] {
  const [first] = gaps;
  if (first === undefined || first.by === "span" || first.to - first.from <= SINGLES_AT_ONCE) return gaps;
  return [{ ...first, to: first.from + SINGLES_AT_ONCE }];
}

/** The first pieces, at least one, that are not too much for one message. */
function upToSize(pieces: readonly HistoryPiece[]): readonly HistoryPiece[] {
  let bytes = 0;
  const end = pieces.findIndex(({ operation }, index) => {
    bytes += frameBytesOf(operation);
    return index > 0 && bytes > MESSAGE_BYTES;
  });
  return end < 0 ? pieces : pieces.slice(0, end);
}

/** Whether a content takes fewer bytes than what leads to it. */
function isLighter(content: Document, pieces: readonly HistoryPiece[]): boolean {
  const bytes = pieces.reduce((sum, { operation }) => sum + frameBytesOf(operation), 0);
  // Its text alone settles it nearly always, and costs nothing to know.
  return bytes > content.length && bytes > frameBytesOf(content.toDelta());
}
