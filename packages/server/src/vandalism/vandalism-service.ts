import { type Clock, type Limits, type Random, type Role, randomId, TuttiError, type User } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import type { Documents } from "../documents/documents.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import { type Store, type StoredOperation, StoreError } from "../storage/store.js";
import type { Alert } from "./alert.js";
import { Alerts } from "./alerts.js";
import { CheckQueue } from "./check-queue.js";
import type { Commit } from "./commit.js";
import type { ContentCheck, Passage } from "./content-check.js";
import { DeletionWatch, type Suspicion } from "./deletion-watch.js";
import { commitRestoration } from "./restoration.js";
import type { VandalismRules } from "./rules.js";
import { findMissing } from "./search.js";

export interface VandalismEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observer: Observer;
  readonly limits: Limits;
  readonly documents: Documents;
  readonly rules: VandalismRules;
  /** undefined: nobody looks at what people write. */
  readonly contentCheck: ContentCheck | undefined;
}

/** Who deals with an alert, and as what. */
export interface Caller {
  readonly user: User;
  readonly role: Role;
}

/** What became of a restoration. */
export interface Restored {
  readonly alert: Alert;
  /** The version that brought the text back; undefined where nothing was missing any more. */
  readonly version: number | undefined;
}

/** Suspicions that are looked into at once; more are believed as they are. */
const MOST_CONFIRMING = 20;

/**
 * Watches over what people do to documents, after it is committed: nobody is held up, and nothing is forbidden (L4).
 *
 * commit ─┬─ deletion watch ─ suspicion ─ confirmed by the log ─┐
 *         └─ check queue ─ content check ─ flagged ─────────────┴─ alert ─ told, logged, counted, written down
 *
 * Numbered invariants, which tests cite:
 *  1. Committing never waits for anything of this, and no error of this reaches it.
 *  2. What is restored is what the person deleted, no more and no less, where it was; what came since stays.
 *  3. However often an alert is restored, by however many people, its text comes back once.
 *  4. An alert is shown until it is settled or too old, across restarts.
 */
export class Vandalism {
  readonly #env: VandalismEnvironment;
  readonly #watch: DeletionWatch;
  readonly #alerts: Alerts;
  readonly #checks: CheckQueue | undefined;
  /** Documents and people that are being looked into. */
  readonly #confirming = new Set<string>();
  /** Restorations under way, by document and version. */
  readonly #restoring = new Map<string, Promise<Restored>>();
  /** The clients of those that are being committed: nobody wrote what they bring back. */
  readonly #restorers = new Set<string>();

  constructor(env: VandalismEnvironment) {
    this.#env = env;
    this.#watch = new DeletionWatch(env.rules);
    this.#alerts = new Alerts(env);
    const { contentCheck: check } = env;
    const flagged = (passage: Passage, reason: string): void => this.#flag(passage, reason);
    this.#checks = check === undefined ? undefined : new CheckQueue({ ...env, check, flagged });
  }

  /** To be told of every commit. Never throws. */
  committed(document: string, operations: readonly StoredOperation[]): void {
    try {
      for (const operation of operations) {
        if (!this.#restorers.has(operation.client)) this.#checks?.note(document, operation);
      }
      const length = this.#env.documents.loaded(document)?.content.length;
      if (length === undefined) return;
      for (const suspicion of this.#watch.note(document, operations, length)) this.#suspect(suspicion);
    } catch (error) {
      this.#env.log.error("a commit was not watched", { document, ...errorFields(error) });
    }
  }

  /** To be told of everybody who opened a document: they hear of what nobody has settled. */
  opened(document: string, participant: Participant): void {
    void this.#alerts.greet(document, participant);
  }

  /** To be told of everybody whose place has changed: whoever edits from now on hears of it then. */
  placed(document: string, participant: Participant): void {
    void this.#alerts.catchUp(document, participant);
  }

  /** The newest first. @throws StoreError */
  list(document: string): Promise<readonly Alert[]> {
    return this.#alerts.list(document);
  }

  /**
   * Brings back what somebody deleted, once, and settles the alert.
   * @throws TuttiError `not_found`, also when the log of that time can't be read any more; `invalid_request` where nothing was
   *   deleted; `viewing_only` of somebody who views for now; what a submission is rejected with; StoreError
   */
  async restore(document: string, version: number, caller: Caller): Promise<Restored> {
    if (this.#onlyViews(document, caller.user.id)) {
      throw new TuttiError("viewing_only", "a document is restored by somebody who edits it; ask for a place");
    }
    const key = `${document}\n${version}`;
    const restoring = this.#restoring.get(key) ?? this.#restore(document, version, caller);
    this.#restoring.set(key, restoring);
    try {
      return await restoring;
    } finally {
      if (this.#restoring.get(key) === restoring) this.#restoring.delete(key);
    }
  }

  /**
   * Settles an alert as it is. Whoever caused one can't make it go away, unless they own the document.
   * @throws TuttiError `not_found`, `forbidden`; StoreError
   */
  async dismiss(document: string, version: number, { user, role }: Caller): Promise<Alert> {
    const alert = await this.#alerts.get(document, version);
    if (alert.settled !== undefined) return alert;
    if (alert.user.id === user.id && role !== "owner") {
      throw new TuttiError("forbidden", "somebody else has to look at what you did");
    }
    this.#watch.quiet(document, alert.user.id, undefined);
    return this.#alerts.settle(document, alert, { how: "dismissed", by: user.id, time: this.#env.clock.now() });
  }

  stop(): void {
    this.#checks?.stop();
  }

  #suspect(suspicion: Suspicion): void {
    const { document, commit } = suspicion;
    const key = `${document}\n${commit.user}`;
    if (this.#confirming.has(key)) return;
    const user = this.#personOf(document, commit);
    if (suspicion.certain || this.#confirming.size >= MOST_CONFIRMING) this.#report(suspicion, user);
    else void this.#confirm(key, suspicion, user);
  }

  /** What somebody typed and took back in the same minute is counted too: the log tells. Never rejects. */
  async #confirm(key: string, suspicion: Suspicion, user: User): Promise<void> {
    this.#confirming.add(key);
    const { document, first, length } = suspicion;
    let removed = suspicion.removed;
    try {
      const deletions = { document, user: user.id, first, until: Number.POSITIVE_INFINITY };
      removed = (await findMissing(deletions, this.#env)).missing.length;
    } catch (error) {
      this.#env.log.warn("a deletion could not be looked into; it is believed", { document, ...errorFields(error) });
    }
    this.#confirming.delete(key);
    if (this.#watch.isMass(removed, length)) this.#report({ ...suspicion, removed }, user);
    else this.#watch.forgive(document, user.id, suspicion.removed - removed);
  }

  #report({ document, first, removed, length }: Suspicion, user: User): void {
    const time = this.#env.clock.now();
    this.#watch.quiet(document, user.id, this.#endOf(time));
    const alert = { version: first, kind: "mass_deletion", user, time, removed, length } as const;
    void this.#alerts.raise(document, { ...alert, restorer: randomId(this.#env.random) });
  }

  #flag({ document, user: id, first }: Passage, reason: string): void {
    const person = this.#env.documents.loaded(document);
    const { name = id } = [...(person?.participants ?? [])].find(({ user }) => user.id === id)?.user ?? {};
    const [user, time, restorer] = [{ id, name }, this.#env.clock.now(), randomId(this.#env.random)];
    void this.#alerts.raise(document, { version: first, kind: "flagged", user, time, reason, restorer });
  }

  async #restore(document: string, version: number, caller: Caller): Promise<Restored> {
    const alert = await this.#alerts.get(document, version);
    if (alert.kind !== "mass_deletion") throw new TuttiError("invalid_request", "nothing was deleted here");
    if (alert.settled?.how === "restored") return { alert, version: alert.settled.version };
    // It may have been restored by a server that stopped before it could say so.
    const position = await this.#env.store.clientPosition(document, alert.restorer);
    const restored = position?.version ?? (await this.#bringBack(document, alert, caller));
    this.#watch.quiet(document, alert.user.id, undefined);
    const time = this.#env.clock.now();
    const settlement = { how: "restored", by: caller.user.id, time, version: restored } as const;
    return { alert: await this.#alerts.settle(document, alert, settlement), version: restored };
  }

  /** @returns the version of it; undefined: nothing is missing any more */
  async #bringBack(document: string, alert: Alert, { user, role }: Caller): Promise<number | undefined> {
    this.#restorers.add(alert.restorer);
    try {
      const until = this.#endOf(alert.time);
      const deletions = { document, user: alert.user.id, first: alert.version, until };
      const { missing, version } = await findMissing(deletions, this.#env);
      const { operation } = missing;
      if (operation.length === 0) return undefined;
      const { insertLength } = this.#env.limits;
      const restoration = { document, operation, version, client: alert.restorer, user, role, insertLength };
      return await commitRestoration(restoration, this.#env.documents);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "archived") throw error;
      throw new TuttiError("not_found", "the operations of that time are in an archive that this server does not have");
    } finally {
      this.#restorers.delete(alert.restorer);
    }
  }

  /** What belongs to an alert of this time: what the person goes on deleting is part of it for as long as a window. */
  #endOf(time: number): number {
    return time + this.#env.rules.window;
  }

  /** Whoever has it open, and no place to edit there. */
  #onlyViews(document: string, user: string): boolean {
    const tabs = [...(this.#env.documents.loaded(document)?.participants ?? [])].filter((tab) => tab.user.id === user);
    return tabs.length > 0 && tabs.every(({ place }) => place === "viewing");
  }

  #personOf(document: string, { client, user }: Commit): User {
    return this.#env.documents.loaded(document)?.participant(client)?.user ?? { id: user, name: user };
  }
}
