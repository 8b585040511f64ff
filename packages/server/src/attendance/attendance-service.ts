import { type Clock, TuttiError } from "@tutti/protocol";
import { type Permit, permitIn } from "../access/roles.js";
import { errorFields, type Log } from "../log.js";
import type { Observer } from "../metrics/observer.js";
import type { AuditEntry, DocumentRecord, Store } from "../storage/store.js";
import type { AttendedDocument, Attendee } from "./attendee.js";
import type { CrowdRules } from "./defaults.js";
import { InTurn } from "./in-turn.js";
import type { Figures } from "./roll.js";
import { Room } from "./room.js";

export interface AttendanceEnvironment {
  readonly clock: Clock;
  readonly store: Pick<Store, "role" | "setRole" | "permissionsOf" | "audit">;
  readonly log: Log;
  readonly observer: Observer;
  readonly crowd: CrowdRules;
  /** Stores whether a document is moderated, for those who open it later too. @throws TuttiError `not_found`; StoreError */
  readonly moderate: (document: string, moderated: boolean) => Promise<DocumentRecord>;
}

type PlaceListener = (attendee: Attendee) => void;

/** What is stored of somebody who may edit in moderated mode. */
const NAMED = "editor";

/**
 * Who attends which document, and who edits there (S11): the control of places, apart from presence, which may fail or
 * be switched off. `Roll` decides, `Room` tells; what must outlive the process, who decided what, and what operators see
 * is here.
 */
export class AttendanceService {
  readonly #env: AttendanceEnvironment;
  readonly #rooms = new Map<string, Room>();
  readonly #inTurn = new InTurn();
  readonly #listeners = new Set<PlaceListener>();

  constructor(env: AttendanceEnvironment) {
    this.#env = env;
  }

  /** Calls `listener` whenever the place of somebody has changed after they had arrived. */
  onPlaced(listener: PlaceListener): void {
    this.#listeners.add(listener);
  }

  /**
   * What a person may do in a document, to be told to `arrive` without anything in between.
   * @throws StoreError
   */
  async permit(document: AttendedDocument, user: string): Promise<Permit> {
    for (;;) {
      const namings = this.#rooms.get(document.record.id)?.namings ?? 0;
      const permit = await permitIn(this.#env.store, document.record, user);
      // Somebody may have been named while it was read.
      if (namings === (this.#rooms.get(document.record.id)?.namings ?? 0)) return permit;
    }
  }

  /** Somebody comes, and gets their place. @param named a role was granted to them */
  arrive(attendee: Attendee, document: AttendedDocument, named: boolean): void {
    const { id } = document.record;
    const room = this.#rooms.get(id) ?? this.#open(document);
    room.arrive(attendee, document, named);
  }

  /** The answer to their `open` is on its way. */
  opened(attendee: Attendee): void {
    this.#rooms.get(attendee.document)?.opened(attendee);
  }

  /** @param lost not by their wish: what they have is kept for a while */
  leave(attendee: Attendee, lost: boolean): void {
    this.#rooms.get(attendee.document)?.leave(attendee, lost);
  }

  /** Asks for a place, or gives it up. @throws TuttiError `forbidden`, `rate_limited` */
  ask({ document, user }: Attendee, wish: "edit" | "view"): void {
    const room = this.#rooms.get(document);
    if (room === undefined) return;
    const refusal = wish === "edit" ? room.roll.refusalToAsk(user.id, this.#env.clock.now()) : undefined;
    if (refusal !== undefined) throw refusal;
    room.apply({ kind: "ask", user: user.id, wish }, user.id);
  }

  /**
   * Says whether somebody may edit.
   * @param target the id of the person
   * @throws TuttiError `forbidden`; StoreError: nothing has changed then
   */
  decide(decider: Attendee, target: string, edit: boolean): Promise<void> {
    const { document, user } = decider;
    return this.#inTurn.run(document, async () => {
      const room = this.#rooms.get(document);
      if (room === undefined) return;
      if (!room.roll.mayDecide(user.id)) throw new TuttiError("forbidden", "whoever does not edit does not decide");
      if (room.roll.mode === "moderated") await this.#name(room, decider, target, edit);
      else this.#decide(room, decider, target, edit);
    });
  }

  /**
   * The owner alone says who edits, or not any more (S11); it is stored with the document.
   * @param by the id of the person
   * @throws TuttiError `forbidden`, `not_found`; StoreError: nothing has changed then
   */
  moderate(document: { readonly id: string; readonly createdBy: string }, by: string, moderated: boolean) {
    return this.#inTurn.run(document.id, async (): Promise<DocumentRecord> => {
      const { role } = await permitIn(this.#env.store, document, by);
      if (role !== "owner") throw new TuttiError("forbidden", "only the owner of a document moderates it");
      const named = await this.#storedNames(document.id);
      const record = await this.#env.moderate(document.id, moderated);
      this.#audit(by, document.id, moderated ? "document.moderated" : "document.unmoderated", {});
      const room = this.#rooms.get(document.id);
      if (room !== undefined) room.namings += 1;
      room?.apply({ kind: "moderate", moderated, named }, by);
      return record;
    });
  }

  /** Forgets everybody. */
  stop(): void {
    for (const room of [...this.#rooms.values()]) room.end();
  }

  #open(document: AttendedDocument): Room {
    const room = new Room(document, {
      clock: this.#env.clock,
      rules: this.#env.crowd,
      placed: (attendee) => {
        for (const listener of this.#listeners) listener(attendee);
      },
      counted: (counted, before, after) => this.#counted(counted, before, after),
      emptied: (emptied) => {
        if (this.#isCurrent(emptied)) this.#rooms.delete(emptied.document);
      },
    });
    this.#rooms.set(document.record.id, room);
    if (document.record.moderated === true) void this.#readNames(room);
    return room;
  }

  /** False when everybody left meanwhile; somebody may have come since, to another room. */
  #isCurrent(room: Room): boolean {
    return this.#rooms.get(room.document) === room;
  }

  #roomNow(room: Room): Room {
    return this.#rooms.get(room.document) ?? room;
  }

  /** Those who are named and not here, for the owner to see. Never rejects. */
  async #readNames(room: Room): Promise<void> {
    const { namings } = room;
    try {
      const named = await this.#storedNames(room.document);
      if (!this.#isCurrent(room) || room.namings !== namings || room.roll.mode !== "moderated") return;
      room.apply({ kind: "moderate", moderated: true, named });
    } catch (error) {
      const fields = { document: room.document, ...errorFields(error) };
      this.#env.log.warn("the owner does not see who is named but not here", fields);
    }
  }

  #decide(room: Room, decider: Attendee, target: string, edit: boolean): void {
    // They may have got a place, or gone, before the decision came.
    if (room.roll.standing(target).place !== "asking") {
      room.answer(decider.user.id);
      return;
    }
    room.apply({ kind: "decide", user: target, edit }, decider.user.id);
    this.#decided(room, decider, target, edit);
  }

  /** In moderated mode: stored, so that it holds after a restart too (A2). */
  async #name(room: Room, decider: Attendee, target: string, edit: boolean): Promise<void> {
    const { store } = this.#env;
    const known = room.roll.person(target) !== undefined || room.roll.isNamed(target);
    if (!known) {
      room.answer(decider.user.id);
      return;
    }
    const stored = await store.role(room.document, target);
    const role = room.roll.person(target)?.role;
    if (stored === "owner" || role === "owner") throw new TuttiError("forbidden", "whoever owns a document edits it");
    if (edit && stored !== undefined && stored !== NAMED) {
      throw new TuttiError("forbidden", `whoever is ${stored} here may not edit`);
    }
    if (edit !== (stored === NAMED)) {
      await store.setRole(room.document, target, edit ? NAMED : undefined);
      this.#roomNow(room).namings += 1;
    }
    const now = this.#roomNow(room);
    now.apply({ kind: "name", user: target, edit }, decider.user.id);
    this.#decided(now, decider, target, edit);
  }

  #decided(room: Room, decider: Attendee, person: string, edit: boolean): void {
    const { mode } = room.roll;
    this.#env.observer.decided(edit);
    this.#env.log.info(edit ? "a place to edit was granted" : "a place to edit was refused", {
      document: room.document,
      by: decider.user.id,
      user: person,
      mode,
    });
    this.#audit(decider.user.id, room.document, edit ? "place.granted" : "place.refused", { person, mode });
  }

  async #storedNames(document: string): Promise<readonly string[]> {
    const permissions = await this.#env.store.permissionsOf(document);
    return permissions.filter(({ role }) => role === NAMED).map(({ user }) => user);
  }

  /** What is done already is not undone because nobody could write it down. */
  #audit(user: string, document: string, action: string, details: AuditEntry["details"]): void {
    const entry = { time: this.#env.clock.now(), user, document, action, details };
    this.#env.store.audit([entry]).catch((error: unknown) => {
      this.#env.log.error("an audit record is missing", { document, action, user, ...errorFields(error) });
    });
  }

  #counted(room: Room, before: Figures, after: Figures): void {
    this.#env.observer.attendance(before, after);
    if (before.mode === after.mode) return;
    const { mode, connections, people, editors, asking } = after;
    const figures = { before: before.mode, connections, people, editors, asking };
    this.#env.log.info(`a document is ${mode}`, { document: room.document, ...figures });
    // A person who moderates has a record of their own.
    if (mode !== "moderated" && before.mode !== "moderated")
      this.#audit("", room.document, `document.${mode}`, figures);
  }
}
