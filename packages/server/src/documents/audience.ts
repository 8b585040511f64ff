import type { Operation } from "@tutti/ot";
import { TuttiError } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { comeBack, type Gap, Reader, settled, type Told } from "../delivery/reader.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { StoredOperation } from "../storage/store.js";
import { type Arrival, BringingOn, type DeliveryEnvironment } from "./bringing-on.js";
import { committedMessages } from "./broadcast.js";
import type { History, HistoryPiece } from "./history.js";
import { ViewerRounds } from "./viewer-rounds.js";

/** What was committed since the version that an author had, up to `version`, cut as the author gets it. */
export interface Since {
  readonly operations: readonly Operation[];
  readonly version: number;
}

/** Of readers that left, so many are remembered. */
const REMEMBERED = 1000;

/**
 * Everybody who has one document open, and what each was told of it.
 *
 * Who keeps up gets every commit as it is. Who has no room (its connection takes less than it is sent) gets nothing, and
 * nothing is queued for it: `BringingOn` composes what it missed when there is room again. The same goes for those who
 * come back after a while (C5). Who views a document with a crowd is told in rounds instead (`ViewerRounds`, S11).
 */
export class Audience {
  readonly #document: string;
  readonly #history: History;
  readonly #readers = new Map<string, Reader>();
  /** Those of them who are told at once; all others are told in rounds. */
  readonly #prompt = new Set<Reader>();
  readonly #rounds: ViewerRounds;
  readonly #bringingOn: BringingOn;
  /** Of those who left, the last one last. */
  readonly #left = new Map<string, Told>();

  constructor(document: string, history: History, env: DeliveryEnvironment) {
    this.#document = document;
    this.#history = history;
    const isHere = (reader: Reader): boolean => this.has(reader.participant);
    this.#bringingOn = new BringingOn(document, history, env, isHere);
    this.#rounds = new ViewerRounds(document, history, env, this.#bringingOn);
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
    if (older !== undefined) this.#forget(older);
    const version = has ?? this.#history.version;
    const reader = new Reader(participant, version, comeBack(before, version, pieces ? own : 0));
    this.#readers.set(client, reader);
    this.#sort(reader);
    if (older === undefined) return;
    const error = new TuttiError("replaced", "opened again on a newer connection").toData();
    older.participant.send(new SharedMessage({ type: "closed", document: this.#document, error }));
  }

  /** Answers a participant who was just let in with what it needs. @throws StoreError */
  async open(participant: Participant, arrival: Arrival): Promise<void> {
    const reader = this.#readers.get(participant.client);
    if (reader === undefined) return;
    await this.#bringingOn.open(reader, arrival);
    if (this.has(participant)) this.#bringingOn.advance(reader);
  }

  leave(participant: Participant): void {
    const reader = this.#readers.get(participant.client);
    if (reader?.participant !== participant) return;
    this.#readers.delete(participant.client);
    this.#forget(reader);
    const { memory } = reader;
    if (memory === undefined) return;
    this.#left.set(participant.client, memory);
    const [oldest] = this.#left.keys();
    if (this.#left.size > REMEMBERED && oldest !== undefined) this.#left.delete(oldest);
  }

  /** Tells those who view in rounds, `interval` to `slowest` milliseconds apart; undefined: at once (S11). */
  crowd(interval: number | undefined, slowest: number): void {
    if (interval === undefined) {
      const viewers = this.#rounds.end();
      for (const reader of viewers) this.#prompt.add(reader);
      for (const reader of viewers) this.#bringingOn.advance(reader);
    } else {
      this.#rounds.begin({ fastest: interval, slowest: Math.max(interval, slowest) });
      for (const reader of [...this.#prompt]) this.#sort(reader);
    }
  }

  /** The participant's place has changed. */
  placed(participant: Participant): void {
    const reader = this.#readers.get(participant.client);
    if (reader?.participant === participant) this.#sort(reader);
  }

  /** Milliseconds between two rounds now; undefined: there are none. */
  get updates(): number | undefined {
    return this.#rounds.interval;
  }

  /** Whether those who are told in rounds have not been told of the newest version yet. */
  get viewersWait(): boolean {
    return this.#rounds.behind;
  }

  /** Sends everybody away. */
  close(error: TuttiError): void {
    const message = new SharedMessage({ type: "closed", document: this.#document, error: error.toData() });
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    this.#prompt.clear();
    this.#rounds.end();
    this.#bringingOn.stop();
    for (const { participant } of readers) participant.send(message);
  }

  /** Tells all who keep up what became durable in one commit; the others are told as soon as they can take it. */
  broadcast(operations: readonly StoredOperation[]): void {
    const first = operations[0]?.version;
    const last = operations.at(-1)?.version;
    if (first === undefined || last === undefined) return;
    const messageFor = committedMessages(this.#document, operations);
    for (const reader of this.#prompt) {
      const { participant } = reader;
      if (this.#bringingOn.isLive(reader, first - 1) && participant.hasRoom && !reader.isUnsure(first, last)) {
        reader.sent = last;
        participant.send(messageFor(participant.client));
      } else this.#bringingOn.advance(reader);
    }
    this.#acknowledgeViewers(operations);
    this.#rounds.wake();
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

  /** Those who view in a crowd are told in rounds, all others at once. */
  #sort(reader: Reader): void {
    if (this.updates !== undefined && reader.participant.place === "viewing") {
      this.#prompt.delete(reader);
      this.#rounds.add(reader);
    } else {
      this.#prompt.add(reader);
      if (this.#rounds.delete(reader)) this.#bringingOn.advance(reader);
    }
  }

  /** Who edited just before viewing need not wait for a round to hear that it is saved. */
  #acknowledgeViewers(operations: readonly StoredOperation[]): void {
    for (const { client } of operations) {
      const reader = this.#readers.get(client);
      if (reader !== undefined && this.#rounds.has(reader)) this.#bringingOn.advance(reader);
    }
  }

  #forget(reader: Reader): void {
    this.#prompt.delete(reader);
    this.#rounds.delete(reader);
    this.#bringingOn.forget(reader);
  }
}

const operationOf = (piece: HistoryPiece): Operation => piece.operation;
