import { type Clock, TuttiError } from "@tutti/protocol";
import { mayEdit } from "../access/roles.js";
import type { Participant } from "../delivery/participant.js";
import { SharedMessage } from "../delivery/shared-message.js";
import type { Documents } from "../documents/documents.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { AccessStore } from "../storage/store.js";
import { type Alert, messageOf, type Settlement } from "./alert.js";
import { AlertBook } from "./alert-book.js";
import type { VandalismRules } from "./rules.js";

export interface AlertsEnvironment {
  readonly store: Pick<AccessStore, "audit" | "auditRecords">;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
  readonly documents: Pick<Documents, "loaded">;
  readonly rules: VandalismRules;
}

/** Documents whose alerts are kept in memory; those of others are read again. */
const BOOKS = 1000;

/** Raises alerts, keeps them, and tells those who can do something about them (L4). */
export class Alerts {
  readonly #env: AlertsEnvironment;
  readonly #books = new Map<string, AlertBook>();
  /** Those whose `open` was answered. */
  readonly #here = new WeakSet<Participant>();
  /** The versions of alerts that somebody was told, and that are not settled as far as they know. */
  readonly #told = new WeakMap<Participant, Set<number>>();

  constructor(env: AlertsEnvironment) {
    this.#env = env;
  }

  /** Never rejects: what storage has to say about it is logged. */
  async raise(document: string, alert: Alert): Promise<void> {
    const { log, observer } = this.#env;
    const { version, kind, user, removed, length, reason } = alert;
    observer.alert(kind);
    log.warn(kind === "flagged" ? "the content check flagged an edit" : "most of a document was deleted", {
      ...{ document, version, user: user.id, removed, length, reason },
    });
    const book = this.#book(document);
    if (this.#isMoreOfTheSame(book, alert)) return;
    const merged = together(book.get(version), alert);
    const raised = book.raise(merged);
    this.#tell(document, merged);
    try {
      await raised;
    } catch (error) {
      log.error("an alert could not be written down; it is forgotten when the server stops", {
        ...{ document, version },
        ...errorFields(error),
      });
    }
  }

  /** Tells somebody who came what nobody settled yet. Never rejects. */
  async greet(document: string, participant: Participant): Promise<void> {
    this.#here.add(participant);
    await this.catchUp(document, participant);
  }

  /** The same for somebody whose place may have changed. Never rejects. */
  async catchUp(document: string, participant: Participant): Promise<void> {
    if (!isConcerned(participant) || !this.#here.has(participant)) return;
    try {
      const alerts = await this.list(document);
      // Their place may have gone meanwhile.
      if (!isConcerned(participant)) return;
      const open = alerts.filter(({ settled }) => settled === undefined);
      for (const alert of open.toReversed()) {
        this.#send(participant, alert, new SharedMessage(messageOf(document, alert)));
      }
    } catch (error) {
      this.#env.log.warn("alerts could not be read; they are read when the next one comes", {
        document,
        ...errorFields(error),
      });
    }
  }

  /** All that are young enough to be shown, the newest first. @throws StoreError */
  async list(document: string): Promise<readonly Alert[]> {
    const from = this.#env.clock.now() - this.#env.rules.alertsFor;
    const book = this.#book(document);
    await book.read(from);
    return book.since(from);
  }

  /** @throws TuttiError `not_found`; StoreError */
  async get(document: string, version: number): Promise<Alert> {
    const alert = (await this.list(document)).find((listed) => listed.version === version);
    if (alert === undefined) throw new TuttiError("not_found", `there is no alert of version ${version}`);
    return alert;
  }

  /** Ends an alert, and tells everybody who knows of it. @throws StoreError: it goes on then */
  async settle(document: string, alert: Alert, settlement: Settlement): Promise<Alert> {
    const settled = await this.#book(document).settle(alert, settlement);
    this.#env.log.info("an alert was settled", { document, version: alert.version, how: settlement.how });
    this.#tell(document, settled);
    return settled;
  }

  /** Who is flagged at every word is one case to look at, not many. */
  #isMoreOfTheSame(book: AlertBook, { kind, user, time }: Alert): boolean {
    if (kind !== "flagged") return false;
    return book
      .since(time - this.#env.rules.window)
      .some((known) => known.kind === kind && known.user.id === user.id && known.settled === undefined);
  }

  #tell(document: string, alert: Alert): void {
    const message = new SharedMessage(messageOf(document, alert));
    for (const participant of this.#env.documents.loaded(document)?.participants ?? []) {
      // Who was told of it hears of its end, even without a place to edit.
      const waits = alert.settled !== undefined && this.#told.get(participant)?.has(alert.version) === true;
      if (isConcerned(participant) || waits) this.#send(participant, alert, message);
    }
  }

  #send(participant: Participant, { version, settled }: Alert, message: SharedMessage): void {
    const told = this.#told.get(participant) ?? new Set();
    if (settled === undefined) this.#told.set(participant, told.add(version));
    else told.delete(version);
    participant.send(message);
  }

  #book(document: string): AlertBook {
    const book = this.#books.get(document) ?? new AlertBook(this.#env.store, document);
    this.#books.delete(document);
    this.#books.set(document, book);
    const [oldest] = this.#books.keys();
    if (this.#books.size > BOOKS && oldest !== undefined) this.#books.delete(oldest);
    return book;
  }
}

const isConcerned = ({ attends, role, place }: Participant): boolean => attends && place === "editing" && mayEdit(role);

/** One operation may be reason for two alerts; it has one name. */
function together(known: Alert | undefined, alert: Alert): Alert {
  if (known === undefined || known.settled !== undefined) return alert;
  const [deletion, other] = alert.kind === "mass_deletion" ? [alert, known] : [known, alert];
  return { ...deletion, restorer: known.restorer, reason: deletion.reason ?? other.reason };
}
