import type { Document, Operation } from "@tutti/ot";
import { type Cancel, type Change, type Clock, type Opened, TuttiError } from "@tutti/protocol";
import { isLarge, partOf } from "../delivery/content-parts.js";
import type { Participant } from "../delivery/participant.js";
import { comeBack, type Gap, Reader, settled, type Told } from "../delivery/reader.js";
import { SharedMessage } from "../delivery/shared-message.js";
import { TimeSlices } from "../delivery/time-slices.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { StoredOperation } from "../storage/store.js";
import { changeOfPiece, committedMessages } from "./broadcast.js";
import type { History, HistoryPiece } from "./history.js";
import { frameBytesOf } from "./weight.js";

export interface AudienceEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
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

/** What was committed since the version that an author had, up to `version`, cut as the author gets it. */
export interface Since {
  readonly operations: readonly Operation[];
  readonly version: number;
}

/** Content on its way to a reader, part by part. */
interface Streaming {
  readonly arrival: Arrival;
  /** Where the next part starts. */
  from: number;
}

/** How often (ms) readers without room are looked at again. */
const POLL = 25;
/** Of readers that left, so many are remembered. */
const REMEMBERED = 1000;
/** Single operations, and about how many bytes of pieces, that go into one message to somebody who is behind. */
const SINGLES_AT_ONCE = 500;
const MESSAGE_BYTES = 1_000_000;
/** Beyond this many versions nothing is composed for somebody who would be content with the content. */
const COMPOSED_FOR_CHOICE = 50_000;

/**
 * Everybody who has one document open, and what each was told of it.
 *
 * Who keeps up gets every commit as it is. Who has no room (its connection takes less than it is sent) gets nothing, and
 * nothing is queued for it: when there is room again, what it missed is composed and sent as one (S6). The same goes for
 * those who come back after a while (C5), and large content is sent in parts, as fast as its receiver takes them (S3).
 */
export class Audience {
  readonly #document: string;
  readonly #history: History;
  readonly #env: AudienceEnvironment;
  readonly #readers = new Map<string, Reader>();
  readonly #streaming = new Map<Reader, Streaming>();
  /** Of those who left, the last one last. */
  readonly #left = new Map<string, Told>();
  #polling: Cancel | undefined;

  constructor(document: string, history: History, env: AudienceEnvironment) {
    this.#document = document;
    this.#history = history;
    this.#env = env;
  }

  get size(): number {
    return this.#readers.size;
  }

  /** True until the participant left or came again on a newer connection. */
  has(participant: Participant): boolean {
    return this.#readers.get(participant.client)?.participant === participant;
  }

  /** Whether the participant was sent everything up to this version. */
  hasTold(participant: Participant, version: number): boolean {
    return this.has(participant) && version <= (this.#readers.get(participant.client)?.sent ?? 0);
  }

  /** Everybody who is here now. */
  get participants(): Iterable<Participant> {
    return [...this.#readers.values()].map((reader) => reader.participant);
  }

  /** Who is here as this client now. */
  participant(client: string): Participant | undefined {
    return this.#readers.get(client)?.participant;
  }

  /**
   * Lets a participant in; it gets nothing before `open`. An older connection of the same client is told that it was
   * replaced, and what it still sends counts no more: the newer one sends it again.
   *
   * @param has the version that it has; undefined: nothing, it will get the content of the newest
   * @param own version of its newest operation, pending ones included; 0 when there is none
   */
  enter(participant: Participant, has: number | undefined, own: number): void {
    const { client, pieces } = participant;
    const older = this.#readers.get(client);
    const before = has === undefined || !pieces ? undefined : (older?.memory ?? this.#left.get(client));
    this.#left.delete(client);
    const version = has ?? this.#history.version;
    this.#readers.set(client, new Reader(participant, version, comeBack(before, version, pieces ? own : 0)));
    if (older === undefined) return;
    this.#streaming.delete(older);
    const error = new TuttiError("replaced", "opened again on a newer connection").toData();
    older.participant.send(new SharedMessage({ type: "closed", document: this.#document, error }));
  }

  /** Answers a participant who was just let in with what it needs. @throws StoreError */
  async open(participant: Participant, arrival: Arrival): Promise<void> {
    const reader = this.#readers.get(participant.client);
    if (reader === undefined) return;
    const { opening, has, presence } = arrival;
    const changes = has === undefined ? undefined : await this.#changesUnless(reader, arrival);
    if (!this.has(participant)) return;
    if (changes !== undefined) {
      this.#env.observer.caughtUp(opening.version - reader.sent, changes.length);
      reader.sent = opening.version;
      participant.send(new SharedMessage({ type: "opened", ...opening, changes, presence: presence() }));
    } else {
      // What it has is thrown away, and nothing of it is pending.
      if (has !== undefined) reader.startAnew(opening.version);
      this.#startContent(reader, arrival);
    }
    reader.busy = false;
    this.#advance(reader);
  }

  leave(participant: Participant): void {
    const reader = this.#readers.get(participant.client);
    if (reader?.participant !== participant) return;
    this.#readers.delete(participant.client);
    this.#streaming.delete(reader);
    this.#left.set(participant.client, reader.memory);
    const [oldest] = this.#left.keys();
    if (this.#left.size > REMEMBERED && oldest !== undefined) this.#left.delete(oldest);
  }

  /** Sends everybody away. */
  close(error: TuttiError): void {
    const message = new SharedMessage({ type: "closed", document: this.#document, error: error.toData() });
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    this.#streaming.clear();
    this.#polling?.();
    this.#polling = undefined;
    for (const { participant } of readers) participant.send(message);
  }

  /** Tells all who keep up what became durable in one commit; the others are told as soon as they can take it. */
  broadcast(operations: readonly StoredOperation[]): void {
    const first = operations[0]?.version;
    const last = operations.at(-1)?.version;
    if (first === undefined || last === undefined) return;
    const messageFor = committedMessages(this.#document, operations);
    for (const reader of this.#readers.values()) {
      if (this.#isLive(reader, first - 1) && reader.participant.hasRoom && !reader.isUnsure(first, last)) {
        reader.sent = last;
        reader.participant.send(messageFor(reader.participant.client));
      } else this.#advance(reader);
    }
  }

  /**
   * What an author's operation, made on `base`, must be transformed over: decides how the author is told of everything
   * up to now, where that is not decided yet.
   * @returns undefined where it has to be read or composed first: see `fetchSince`
   */
  since(author: Participant, base: number): Since | undefined {
    const { version } = this.#history;
    const pieces = this.#history.recentPieces(this.#decided(author, base, version));
    return pieces === undefined ? undefined : { operations: pieces.map(operationOf), version };
  }

  /** As `since`, however long it takes; more may have been committed in the meantime. @throws StoreError */
  async fetchSince(author: Participant, base: number): Promise<Since> {
    const { version } = this.#history;
    const pieces = await this.#history.pieces(this.#decided(author, base, version));
    return { operations: pieces.map(operationOf), version };
  }

  /** The author's operation, made on `base`, was admitted as this version. */
  admitted(author: Participant, base: number, version: number): void {
    this.#readers.get(author.client)?.decideOwn(base, version);
  }

  /** Nothing beyond the newest durable version will come to be as it was decided. */
  settle(): void {
    const { version } = this.#history;
    for (const reader of this.#readers.values()) reader.settle(version);
    for (const [client, { told, unsure }] of this.#left) {
      this.#left.set(client, { told: settled(told, version), unsure });
    }
  }

  #decided(author: Participant, base: number, version: number): readonly Gap[] {
    const reader = this.#readers.get(author.client);
    // Somebody who left, or came again on a newer connection: nothing will be admitted.
    if (reader?.participant !== author) return [];
    reader.heard(base);
    reader.decide(version, reader.sent < version ? "span" : "operation");
    return reader.gaps(base, version);
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
      const message = { type: "opened", ...opening, content: content.toDelta(), presence: presence() } as const;
      reader.participant.send(new SharedMessage(message));
    }
  }

  #isLive(reader: Reader, version: number): boolean {
    return reader.sent === version && !reader.busy && !this.#streaming.has(reader);
  }

  /** Brings a reader on, now if it has room and is not being brought on already. */
  #advance(reader: Reader): void {
    if (this.#isLive(reader, this.#history.version)) return;
    if (reader.participant.hasRoom && !reader.busy) void this.#bringOn(reader);
    else this.#poll();
  }

  /** Never rejects. */
  async #bringOn(reader: Reader): Promise<void> {
    reader.busy = true;
    const slices = new TimeSlices(this.#env.clock);
    try {
      while (this.has(reader.participant) && reader.participant.hasRoom) {
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
    if (this.has(reader.participant) && !this.#isLive(reader, this.#history.version)) this.#poll();
  }

  /** @returns false when there is nothing more */
  async #sendMissed(reader: Reader): Promise<boolean> {
    const { version } = this.#history;
    if (reader.sent >= version) return false;
    reader.decide(version, "span");
    const pieces = await this.#history.pieces(firstOf(reader.gaps(reader.sent, version)));
    if (!this.has(reader.participant)) return false;
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

  /** Looks again after a while at those who are behind. */
  #poll(): void {
    this.#polling ??= this.#env.clock.schedule(POLL, () => {
      this.#polling = undefined;
      for (const reader of this.#readers.values()) this.#advance(reader);
    });
  }
}

const operationOf = (piece: HistoryPiece): Operation => piece.operation;

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
