import type { Document } from "@tutti/ot";
import { TuttiError } from "@tutti/protocol";
import { errorFields } from "../log.js";
import type { Protection } from "../protection/defaults.js";
import { Gate } from "../protection/gate.js";
import type { Guard } from "../protection/guard.js";
import type { DocumentRecord, NamedVersion, StoredOperation } from "../storage/store.js";
import { type ActorEnvironment, DocumentActor } from "./actor.js";
import { IdleDocuments, type IdleRules } from "./idle-documents.js";
import { loadDocument } from "./load.js";

interface Environment extends Omit<ActorEnvironment, "committed" | "lost" | "roundBegins"> {
  readonly protection: IdleRules & Pick<Protection, "loadsAtOnce" | "loadQueue">;
  readonly guard: Pick<Guard, "turns" | "retryAfter">;
}
type CommitListener = (document: string, operations: readonly StoredOperation[]) => void;

/** The open documents of this server. */
export class Documents {
  readonly #env: Environment;
  readonly #actors = new Map<string, Promise<DocumentActor>>();
  readonly #loaded = new Map<string, DocumentActor>();
  readonly #idle: IdleDocuments;
  readonly #loads: Gate;
  readonly #listeners = new Set<CommitListener>();
  readonly #roundListeners = new Set<(document: string) => void>();
  #readings = 0;
  /** Which reading of its record an actor has. */
  readonly #lastReading = new WeakMap<DocumentActor, number>();
  #stopped = false;

  constructor(env: Environment) {
    const { loadsAtOnce, loadQueue } = env.protection;
    this.#env = env;
    this.#loads = new Gate(loadsAtOnce, loadQueue, (count) => env.observer.loadsWaiting(count));
    this.#idle = new IdleDocuments(env.protection, env.clock, (id) => void this.#unload(id));
  }

  /** Calls `listener` after each commit of any document. */
  onCommit(listener: CommitListener): void {
    this.#listeners.add(listener);
  }

  /** Calls `listener` when those who view a document in a crowd are about to be told of its newest version. */
  onRound(listener: (document: string) => void): void {
    this.#roundListeners.add(listener);
  }

  /**
   * The actor of a document, loaded if need be; concurrent callers share one load (S3), and only so many documents are
   * loaded at once (S10). A failed load leaves nothing behind.
   * @param person who wants it: people take turns
   * @throws TuttiError `not_found`, `shutting_down`, `overloaded`; StoreError
   */
  async open(id: string, person = ""): Promise<DocumentActor> {
    if (this.#stopped) throw new TuttiError("shutting_down", "the server is stopping", 1000);
    this.#idle.wake(id);
    const opening = this.#actors.get(id) ?? this.#loadInTurn(id, person);
    this.#actors.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#actors.get(id) === opening) this.#actors.delete(id);
      throw error;
    }
  }

  /** Where it is in memory. */
  loaded(id: string): DocumentActor | undefined {
    return this.#loaded.get(id);
  }

  /** To be called when somebody left: an idle document is unloaded after a while, with a snapshot. */
  release(id: string): void {
    const actor = this.#loaded.get(id);
    if (!this.#stopped && actor?.idle && !this.#idle.has(id)) this.#idle.rest(id, actor.bytes);
  }

  /**
   * The content at a version; the newest durable one for undefined.
   * @throws TuttiError `not_found`, `future_version`; StoreError
   */
  async contentAt(id: string, version: number | undefined): Promise<{ content: Document; version: number }> {
    const actor = await this.open(id);
    this.release(id);
    if (version === undefined || version === actor.version) return { content: actor.content, version: actor.version };
    if (version > actor.version) {
      throw new TuttiError("future_version", `version ${version} does not exist; the newest is ${actor.version}`);
    }
    const loaded = await loadDocument(this.#env.store, id, version, (error) => this.#reportDamage(id, error));
    return { content: loaded.document, version: loaded.version };
  }

  /** Takes note of a new title for those who open the document later. */
  async rename(id: string, title: string): Promise<DocumentRecord> {
    const { store, clock } = this.#env;
    if (!(await store.renameDocument(id, title, clock.now()))) throw notFound(id);
    return this.#reread(id);
  }

  /**
   * Stores whether a document is moderated (S11). Who may edit is decided by whoever attends to it.
   * @throws TuttiError `not_found`; StoreError
   */
  async moderate(id: string, moderated: boolean): Promise<DocumentRecord> {
    // Loaded first: who opens it meanwhile shares this actor, and with it what is stored now.
    await this.open(id);
    this.release(id);
    if (!(await this.#env.store.moderateDocument(id, moderated))) throw notFound(id);
    return this.#reread(id);
  }

  /**
   * Gives the newest durable version a name, and stores a snapshot of it (S4, H2).
   * @param by the id of the person
   * @throws TuttiError `not_found`; StoreError `exists` when there is a version of this name
   */
  async nameVersion(id: string, name: string, by: string): Promise<NamedVersion> {
    const actor = await this.open(id);
    this.release(id);
    const { version } = actor;
    await actor.snapshot();
    const named = { name, version, by, time: this.#env.clock.now() };
    await this.#env.store.nameVersion(id, named);
    return named;
  }

  /** Moves a document to the trash; everybody who has it open is told that it is gone (H4). @throws TuttiError `not_found` */
  async trash(id: string, by: string): Promise<void> {
    const { store, clock } = this.#env;
    if (!(await store.trashDocument(id, by, clock.now()))) throw notFound(id);
    const actor = this.#loaded.get(id);
    this.#idle.wake(id);
    this.#forget(id);
    actor?.close(new TuttiError("not_found", "the document was moved to the trash"));
  }

  /** Takes a document out of the trash. @throws TuttiError `not_found` when it is not there */
  async restore(id: string): Promise<void> {
    if (!(await this.#env.store.restoreDocument(id))) throw notFound(id);
  }

  /** From now on nothing is opened any more. Resolves when all that was submitted before has its answer (S9). */
  async drain(): Promise<void> {
    this.#stopped = true;
    this.#idle.clear();
    await Promise.all([...this.#loaded.values()].map((actor) => actor.settled()));
  }

  /** Sends everybody away, and stores what is new. @param snapshots false: the log alone, which has everything */
  async stop(snapshots = true): Promise<void> {
    const drained = this.drain();
    const actors = [...this.#loaded.values()];
    for (const actor of actors) actor.close(new TuttiError("shutting_down", "the server is stopping", 1000));
    await drained;
    if (snapshots) await Promise.all(actors.map((actor) => this.#snapshot(actor)));
  }

  /** Answers of the store may overtake each other: what was asked for last has everything that was changed before. */
  async #reread(id: string): Promise<DocumentRecord> {
    this.#readings += 1;
    const reading = this.#readings;
    const record = await this.#env.store.document(id);
    if (record === undefined) throw notFound(id);
    const actor = this.#loaded.get(id);
    if (actor !== undefined && reading > (this.#lastReading.get(actor) ?? 0)) {
      this.#lastReading.set(actor, reading);
      actor.changed(record);
    }
    return record;
  }

  #loadInTurn(id: string, person: string): Promise<DocumentActor> {
    return this.#loads.pass(
      person,
      () => this.#env.guard.retryAfter(),
      () => this.#load(id),
    );
  }

  async #load(id: string): Promise<DocumentActor> {
    // It may have waited for its turn.
    if (this.#stopped) throw new TuttiError("shutting_down", "the server is stopping", 1000);
    const { store, clock, observer } = this.#env;
    const started = clock.now();
    const record = await store.document(id);
    if (record === undefined || record.trashed !== undefined) throw notFound(id);
    // Claimed before reading: from here on nobody else can append behind our back.
    const epoch = await store.claim(id);
    const loaded = await loadDocument(store, id, undefined, (error) => this.#reportDamage(id, error));
    const actor = new DocumentActor(record, epoch, loaded, {
      ...this.#env,
      committed: (document, operations) => {
        for (const listener of this.#listeners) listener(document, operations);
      },
      roundBegins: (document) => {
        for (const listener of this.#roundListeners) listener(document);
      },
      lost: (document) => this.#forget(document),
    });
    this.#loaded.set(id, actor);
    observer.documents(this.#loaded.size);
    observer.loaded(clock.now() - started);
    return actor;
  }

  async #unload(id: string): Promise<void> {
    const actor = this.#loaded.get(id);
    if (actor === undefined || !actor.idle) return;
    await this.#snapshot(actor);
    // Somebody may have come while the snapshot was written.
    if (this.#loaded.get(id) !== actor || !actor.idle || this.#idle.has(id)) return;
    actor.close(new TuttiError("shutting_down", "the document is unloaded; open it again", 0));
    this.#forget(id);
  }

  #forget(id: string): void {
    this.#loaded.delete(id);
    this.#actors.delete(id);
    this.#env.observer.documents(this.#loaded.size);
  }

  async #snapshot(actor: DocumentActor): Promise<void> {
    try {
      await actor.snapshot();
    } catch (error) {
      this.#env.log.warn("no snapshot was stored; the log has everything", {
        document: actor.record.id,
        ...errorFields(error),
      });
    }
  }

  #reportDamage(id: string, error: Error): void {
    this.#env.log.error("a snapshot is damaged; the log is replayed instead", { document: id, ...errorFields(error) });
  }
}

const notFound = (id: string): TuttiError => new TuttiError("not_found", `there is no document ${id}`);
