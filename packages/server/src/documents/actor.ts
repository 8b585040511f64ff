import type { Document } from "@tutti/ot";
import { type Clock, type Limits, type Opened, TuttiError } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import { errorFields, type Log, type LogFields } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { Guard } from "../protection/guard.js";
import type { Turn, Turns } from "../protection/turns.js";
import { tidyDocument } from "../retention/tidy-document.js";
import { writeSnapshot } from "../snapshots/write-snapshot.js";
import {
  type ClientPosition,
  type DocumentRecord,
  type Store,
  type StoredOperation,
  StoreError,
} from "../storage/store.js";
import { Audience } from "./audience.js";
import type { Opening } from "./bringing-on.js";
import { admitSubmission, type Submission } from "./commit.js";
import { History } from "./history.js";
import type { LoadedDocument } from "./load.js";
import type { Pending } from "./pending.js";
import { ClientPositions } from "./positions.js";

/** What somebody who opens a document has, and would take. */
export interface Wish {
  /** undefined: nothing. */
  readonly version: number | undefined;
  /** The whole content will do where it is smaller than what changed since. */
  readonly content: boolean;
}

export interface ActorEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly observer: Observer;
  readonly guard: Pick<Guard, "turns">;
  /** Told of every commit, after participants were. */
  readonly committed: (document: string, operations: readonly StoredOperation[]) => void;
  /** Told when a round begins that brings those who view to the newest version. */
  readonly roundBegins?: (document: string) => void;
  /** Told when the actor may not write any more (somebody else owns the document): open it anew. */
  readonly lost: (document: string) => void;
}

/** Operations between two snapshots (S4). */
const SNAPSHOT_INTERVAL = 500;
/** Of content in memory: mostly one byte for a unit, and the tree around it. */
const BYTES_PER_UNIT = 1.5;
const FIRST_RETRY = 250;
const LONGEST_RETRY = 10_000;
/** When somebody who views may try again (ms), if they hear of no place before. */
const VIEWING_RETRY = 5000;

/**
 * One open document: the only place where its operations are numbered (S1).
 *
 * `submit` → tentative root → one append at a time → `#becomeDurable` → acknowledge and broadcast. Nothing leaves
 * before it is durable. Storage fails: back to the durable root, authors are told to try again, the store's newest
 * version is read (the failed append may have been durable after all), and writing goes on.
 */
export class DocumentActor {
  #record: DocumentRecord;
  readonly #env: ActorEnvironment;
  readonly #epoch: number;
  readonly #turns: Turns;
  readonly #history: History;
  readonly #audience: Audience;
  /** Newest operation of each client, pending ones included. */
  readonly #positions: ClientPositions;
  /** Durable content; its version is `#history.version`. */
  #durable: Document;
  /** Durable content plus everything pending. */
  #tentative: Document;
  /** Admitted, in order. */
  #pending: Pending[] = [];
  /** True while the first of them are on their way to the store. */
  #appending = false;
  #writing: Promise<void> = Promise.resolve();
  #recovering = false;
  #closed = false;
  #snapshotVersion: number;

  constructor(record: DocumentRecord, epoch: number, loaded: LoadedDocument, env: ActorEnvironment) {
    this.#record = record;
    this.#env = env;
    this.#epoch = epoch;
    this.#turns = env.guard.turns();
    this.#durable = loaded.document;
    this.#tentative = loaded.document;
    this.#positions = new ClientPositions(env.store, record.id);
    this.#history = new History(env.store, env.clock, record.id, loaded.tail, loaded.version);
    this.#audience = new Audience(record.id, this.#history, env);
    this.#snapshotVersion = loaded.snapshotVersion;
  }

  get record(): DocumentRecord {
    return this.#record;
  }

  get version(): number {
    return this.#history.version;
  }

  get content(): Document {
    return this.#durable;
  }

  /** Everybody who has it open now. */
  get participants(): Iterable<Participant> {
    return this.#audience.participants;
  }

  /** Who is here as this client now. */
  participant(client: string): Participant | undefined {
    return this.#audience.participant(client);
  }

  /** True when nobody is here and nothing is under way. */
  get idle(): boolean {
    return this.#audience.size === 0 && this.#pending.length === 0 && !this.#recovering;
  }

  /** About how many bytes of memory it takes: content and history (S12). */
  get bytes(): number {
    return this.#durable.length * BYTES_PER_UNIT + this.#history.bytes;
  }

  /**
   * Lets a client in and answers with what it needs to be up to date; from then on it is sent every commit.
   * @param wish what the client has and would take
   * @param presence who else is here, as the answer shows it
   * @throws TuttiError `author_forged`, `future_version`, or StoreError
   */
  async join(participant: Participant, wish: Wish, presence: () => Opened["presence"]): Promise<void> {
    const { version: has, content: choice } = wish;
    const position = await this.#positions.load(participant.client);
    this.#checkAuthor(participant, position);
    if (has !== undefined && has > this.version) throw futureVersion(has, this.version);
    if (this.#closed) throw new TuttiError("shutting_down", "the document was just closed", 0);
    this.#audience.enter(participant, has, position?.version ?? 0);
    const opening = this.#opening(participant);
    try {
      await this.#audience.open(participant, { has, choice, opening, content: this.#durable, presence });
    } catch (error) {
      this.leave(participant);
      throw error;
    }
  }

  leave(participant: Participant): void {
    this.#audience.leave(participant);
  }

  /**
   * Tells those who view in rounds from now on, so that what they cost does not grow with every keystroke (S11).
   * @param interval milliseconds between two rounds, while they are little work; undefined: at once, like everybody
   * @param slowest the longest that the interval becomes while rounds are much work
   */
  crowd(interval: number | undefined, slowest = 10 * (interval ?? 0)): void {
    this.#audience.crowd(interval, slowest);
  }

  /** `participant.place` has changed. Not needed before `join`, nor after `leave`. */
  placed(participant: Participant): void {
    this.#audience.placed(participant);
  }

  /** Milliseconds between two rounds of updates to those who view, as it is now; undefined: they are told at once. */
  get updates(): number | undefined {
    return this.#audience.updates;
  }

  /** Whether those who are told in rounds have not been told of the newest version yet. */
  get viewersWait(): boolean {
    return this.#audience.viewersWait;
  }

  /** Operations after a version, where memory holds them. */
  recentSince(version: number): readonly StoredOperation[] | undefined {
    return version > this.version ? undefined : this.#history.recentSince(version);
  }

  /**
   * Commits an operation: deduplicate → transform → apply → append → acknowledge and broadcast. The author is sent
   * `committed`, `acknowledged` or `rejected`, in this order with everything else.
   * @param bytes size of the message, for the account of memory
   */
  async submit(author: Participant, submission: Submission, bytes = 0): Promise<void> {
    let turn: Turn | undefined;
    try {
      turn = this.#turns.request(author.user.id, bytes);
      if (turn.ready !== undefined) await turn.ready;
      await this.#admit(author, submission, turn);
    } catch (error) {
      turn?.end();
      this.#reject(author, submission.sequence, this.#asTuttiError(error));
    }
  }

  /** Stores a snapshot of the newest durable version, if there is anything new. */
  async snapshot(): Promise<void> {
    const version = this.version;
    if (version === this.#snapshotVersion) return;
    const before = this.#snapshotVersion;
    this.#snapshotVersion = version;
    try {
      const [content, time] = [this.#durable, this.#env.clock.now()];
      await writeSnapshot(this.#env.store, { document: this.record.id, version, content, time });
    } catch (error) {
      this.#snapshotVersion = before;
      throw error;
    }
    await this.#tidy();
  }

  /** The record changed; those who open the document from now on see it. */
  changed(record: DocumentRecord): void {
    this.#record = record;
  }

  /** Resolves when the append under way, if any, has ended. */
  async settled(): Promise<void> {
    while (this.#appending) await this.#writing;
  }

  /** Sends everybody away; what is pending is still written. */
  close(error: TuttiError): void {
    this.#closed = true;
    this.#audience.close(error);
  }

  async #admit(author: Participant, submission: Submission, turn: Turn): Promise<void> {
    const base = submission.version;
    if (base > this.version) throw futureVersion(base, this.version);
    if (author.place === "viewing" && this.#isDoneWith(author, submission)) {
      turn.end();
      return;
    }
    let since = this.#audience.since(author, base);
    // Reading takes time in which more may be committed: go on only with everything up to now.
    while (since === undefined || since.version < this.version) since = await this.#audience.fetchSince(author, base);
    if (this.#isDoneWith(author, submission)) {
      turn.end();
      return;
    }
    if (this.#closed) throw new TuttiError("shutting_down", "the document is being closed", FIRST_RETRY);
    if (this.#recovering) throw storageUnavailable();

    const pending = this.#pending.map((entry) => entry.stored.operation);
    const newer = pending.length === 0 ? since.operations : [...since.operations, ...pending];
    const { operation, document } = admitSubmission(
      submission,
      this.#tentative,
      newer,
      this.#env.limits,
      this.record.identicalInserts,
    );

    const { client, user } = author;
    const { sequence } = submission;
    const version = this.version + this.#pending.length + 1;
    const time = this.#env.clock.now();
    const stored = { version, client, sequence, user: user.id, time, operation, checksum: document.checksum };
    this.#pending.push({ author, stored, document, before: this.#positions.get(client), turn });
    this.#positions.set(client, { sequence, version, user: user.id });
    this.#audience.admitted(author, base, version);
    this.#tentative = document;
    this.#append();
  }

  /**
   * True when there is nothing to admit: it was admitted before, or is sent again elsewhere.
   * @throws TuttiError `viewing_only` when it may not be admitted from where the author is now (S11)
   */
  #isDoneWith(author: Participant, submission: Submission): boolean {
    // Somebody who came again on a newer connection sends it again there.
    const elsewhere = !this.#closed && !this.#audience.has(author);
    if (elsewhere || this.#deduplicate(author, submission)) return true;
    if (author.place === "viewing") throw new TuttiError("viewing_only", "you view this document now", VIEWING_RETRY);
    return false;
  }

  /** True when the operation was admitted before (S2). What is not durable or not told yet is acknowledged when it is. */
  #deduplicate(author: Participant, { sequence }: Submission): boolean {
    const position = this.#positions.get(author.client);
    const last = position?.sequence ?? 0;
    if (sequence === last + 1) return false;
    if (position === undefined || sequence > last) {
      throw new TuttiError("sequence_gap", `sequence ${sequence} after ${last}`);
    }
    this.#env.observer.repeated();
    const { version } = position;
    // Whoever is behind still hears of it in its turn, after what came before it.
    if (version <= this.version && this.#audience.hasTold(author, version)) {
      author.send(new SharedMessage({ type: "acknowledged", document: this.record.id, sequence, version }));
    }
    return true;
  }

  /** Hands everything pending to the store, unless it is busy with what was pending before (S5). */
  #append(): void {
    if (this.#appending || this.#pending.length === 0) return;
    this.#appending = true;
    this.#writing = this.#write();
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    // What was handed on in the same go shares the commit.
    await Promise.resolve();
    const batch = [...this.#pending];
    const document = this.record.id;
    const operations = batch.map((entry) => entry.stored);
    try {
      const [outcome] = await this.#env.store.append([{ document, epoch: this.#epoch, operations }]);
      if (outcome === "stored") this.#becomeDurable(batch);
      else if (outcome === "conflict") this.#fallBack(new StoreError("unavailable", "the store is ahead"));
      else this.#lose(`the store says ${outcome}`);
    } catch (error) {
      this.#fallBack(error);
    }
  }

  #becomeDurable(batch: readonly Pending[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    this.#pending.splice(0, batch.length);
    for (const { turn } of batch) turn.end();
    this.#appending = false;
    const started = batch[0]?.stored.time ?? 0;
    this.#env.observer.committed(batch.length, this.#env.clock.now() - started);
    this.#advance(
      batch.map((entry) => entry.stored),
      last.document,
    );
    this.#append();
  }

  /** Moves the durable root and tells everybody. */
  #advance(operations: readonly StoredOperation[], document: Document): void {
    this.#durable = document;
    this.#history.append(operations);
    this.#audience.broadcast(operations);
    this.#env.committed(this.record.id, operations);
    this.#positions.trim((client) => this.#audience.participant(client) !== undefined || this.#isPending(client));
    if (this.version - this.#snapshotVersion >= SNAPSHOT_INTERVAL) void this.#trySnapshot();
  }

  /** Storage failed: back to the durable root. Authors keep their operations and send them again. */
  #fallBack(error: unknown): void {
    this.#env.observer.storageFailed();
    this.#env.log.error("storage failed; the document takes no edits for now", this.#fields(error));
    this.#recovering = true;
    this.#rejectPending(storageUnavailable());
    void this.#recover(FIRST_RETRY);
  }

  /** Never rejects. Writing goes on when the store answers; what it holds beyond our knowledge is made known. */
  async #recover(delay: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#env.clock.schedule(delay, resolve);
    });
    try {
      await this.#catchUp();
      this.#audience.settle();
      this.#recovering = false;
      this.#env.log.info("storage is back", { document: this.record.id });
    } catch (error) {
      this.#env.observer.storageFailed();
      this.#env.log.error("storage still fails", this.#fields(error));
      if (error instanceof StoreError && error.code === "damaged") this.#lose("the log is damaged");
      else await this.#recover(Math.min(delay * 2, LONGEST_RETRY));
    }
  }

  /** An append that was reported as failed may be durable all the same. */
  async #catchUp(): Promise<void> {
    const { store } = this.#env;
    const newest = await store.version(this.record.id);
    if (newest === this.version) return;
    const found = await store.operations(this.record.id, this.version, newest, newest - this.version);
    const document = found.reduce((content, stored) => content.apply(stored.operation), this.#durable);
    if (found.length !== newest - this.version || document.checksum !== found.at(-1)?.checksum) {
      throw new StoreError("damaged", "the store and this server disagree");
    }
    for (const { client, sequence, version, user } of found) this.#positions.set(client, { sequence, version, user });
    this.#tentative = document;
    this.#advance(found, document);
  }

  /** Somebody else owns the document, or its log is unusable: stop, so that it is loaded anew. */
  #lose(reason: string): void {
    this.#env.log.warn("the document is given up and will be loaded anew", { document: this.record.id, reason });
    const error = new TuttiError("shutting_down", `the document is loaded anew: ${reason}`, FIRST_RETRY);
    this.#rejectPending(error);
    this.close(error);
    this.#env.lost(this.record.id);
  }

  #rejectPending(error: TuttiError): void {
    const dropped = this.#pending;
    this.#pending = [];
    this.#appending = false;
    this.#tentative = this.#durable;
    for (const { author, before } of dropped.toReversed()) this.#positions.set(author.client, before);
    for (const { author, stored, turn } of dropped) {
      turn.end();
      this.#reject(this.#audience.participant(author.client) ?? author, stored.sequence, error);
    }
  }

  #opening({ client, introduction }: Participant): Opening {
    const { id, kind, title, identicalInserts } = this.record;
    return {
      document: id,
      version: this.version,
      checksum: this.#durable.checksum,
      sequence: this.#durableSequence(client),
      kind,
      title,
      ...(identicalInserts === "merge" ? {} : { identicalInserts }),
      ...introduction,
    };
  }

  /** A person's edits come from their own client ids only. */
  #checkAuthor(participant: Participant, position: ClientPosition | undefined): void {
    const owner = position?.user ?? this.#audience.participant(participant.client)?.user.id;
    if (owner !== undefined && owner !== participant.user.id) {
      throw new TuttiError("author_forged", "this client id belongs to somebody else");
    }
  }

  /** The newest sequence of the client that is part of `version`. */
  #durableSequence(client: string): number {
    const first = this.#pending.find((entry) => entry.stored.client === client);
    const position = first === undefined ? this.#positions.get(client) : first.before;
    if (position === undefined) return 0;
    // The store may be ahead of us for a while: an append that was reported as failed was durable after all.
    return position.version > this.version ? position.sequence - 1 : position.sequence;
  }

  #isPending(client: string): boolean {
    return this.#pending.some((entry) => entry.stored.client === client);
  }

  #reject(author: Participant, sequence: number, error: TuttiError): void {
    this.#env.observer.rejected(error.code);
    author.send(new SharedMessage({ type: "rejected", document: this.record.id, sequence, error: error.toData() }));
  }

  async #trySnapshot(): Promise<void> {
    try {
      await this.snapshot();
    } catch (error) {
      this.#env.log.warn("no snapshot was stored; the log has everything", this.#fields(error));
    }
  }

  async #tidy(): Promise<void> {
    try {
      await tidyDocument(this.#env.store, this.record, this.#env.clock.now());
    } catch (error) {
      this.#env.log.warn("what the snapshot made superfluous stays for now", this.#fields(error));
    }
  }

  #asTuttiError(error: unknown): TuttiError {
    if (error instanceof TuttiError) return error;
    this.#env.log.error("an operation could not be admitted", this.#fields(error));
    return error instanceof StoreError ? storageUnavailable() : new TuttiError("internal", "the server failed", 1000);
  }

  #fields(error: unknown): LogFields {
    return { document: this.record.id, ...errorFields(error) };
  }
}

const storageUnavailable = (): TuttiError =>
  new TuttiError("storage_unavailable", "the operation could not be saved; send it again", 1000);

const futureVersion = (claimed: number, newest: number): TuttiError =>
  new TuttiError("future_version", `version ${claimed} does not exist; the newest is ${newest}`);
