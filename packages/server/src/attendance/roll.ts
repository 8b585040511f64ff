import { TuttiError, type User } from "@tutti/protocol";
import { mayEdit } from "../access/roles.js";
import type { Place } from "../delivery/participant.js";
import { type Crowding, NOT_CROWDED, nextCrowding } from "./crowding.js";
import type { CrowdRules } from "./defaults.js";
import { Line } from "./line.js";
import { isOwner, isPresent, type Person } from "./person.js";
import { Refusals } from "./refusals.js";
import type { RollEvent } from "./roll-events.js";

export type Mode = "open" | "crowded" | "moderated";

/** How somebody stands. */
export interface Standing {
  readonly place: Place | "asking";
  /** Somebody said no, and it is too early to ask again. */
  readonly refused: boolean;
}

/** What is counted. */
export interface Figures {
  readonly mode: Mode;
  readonly crowded: boolean;
  readonly connections: number;
  /** Persons who are here. */
  readonly people: number;
  /** Persons who have a place, those whose place is kept for them included. */
  readonly editors: number;
  /** How many places there are, as people are told. */
  readonly places: number;
  readonly asking: number;
}

/**
 * The roll of one document: who attends it, who edits, and who is next (S11). It decides everything about places, and
 * does nothing else: no clock, no messages, no store. Each event leaves it in a state in which all of this holds:
 *
 *  1. Never more than `mostEditors` have a place; beyond `editors`, only who was let in by somebody does.
 *  2. Whoever has a place may edit by role; in moderated mode, they own the document or are named.
 *  3. Who asks has no place and is in line once. While a place is free, nobody who is here and may have it is in line.
 *  4. In open mode, somebody who may edit views only while all places are taken, by their own wish, or refused.
 *  5. What a lost person had is kept for `heldPlace`, and not a moment longer.
 *  6. The line is served in order of asking, but for grants, which come first.
 *  7. Crowded begins above `connections` and ends after `calm` milliseconds below `calmConnections`.
 *  8. Who owns the document gets a place on arrival whatever the mode is, as long as (1) allows it.
 *
 * It changes in place: thousands arrive at once, and a copy for each would cost the square of that.
 */
export class Roll {
  readonly #rules: CrowdRules;
  /** In the order of their arrival. */
  readonly #people = new Map<string, Person>();
  readonly #editors = new Set<Person>();
  readonly #line = new Line<Person>();
  /** Since when those are away whose place or turn is kept; longest away first. */
  readonly #lost = new Map<Person, number>();
  readonly #refusals: Refusals;
  #named = new Set<string>();
  #moderated = false;
  #crowding: Crowding = NOT_CROWDED;
  #connections = 0;
  #present = 0;
  /** A place was freed, or the rules are others now: those who ask for nothing may get one too. */
  #loosened = false;
  #changed = new Set<string>();

  constructor(rules: CrowdRules) {
    this.#rules = rules;
    this.#refusals = new Refusals(rules.askAgain);
  }

  get figures(): Figures {
    return {
      mode: this.mode,
      crowded: this.#crowding.crowded,
      connections: this.#connections,
      people: this.#present,
      editors: this.#editors.size,
      places: Math.max(this.#editors.size, this.#moderated ? this.#rules.mostEditors : this.#rules.editors),
      asking: this.#line.size,
    };
  }

  get mode(): Mode {
    if (this.#moderated) return "moderated";
    return this.#crowding.crowded ? "crowded" : "open";
  }

  /** Nobody is here, and nothing is kept or remembered; a crowd that left all at once is, until it is calm (7). */
  get isEmpty(): boolean {
    return this.#people.size === 0 && this.#refusals.size === 0 && !this.#crowding.crowded;
  }

  /** Who asks, the next one first. */
  get asking(): readonly User[] {
    return this.#line.inOrder().map(({ user }) => user);
  }

  /** Ids of those who may edit in moderated mode, besides those who own the document. */
  get named(): readonly string[] {
    return [...this.#named];
  }

  /** Whether this person may edit in moderated mode because the owner says so. */
  isNamed(id: string): boolean {
    return this.#named.has(id);
  }

  /** When time alone changes something (milliseconds); undefined: never. */
  get deadline(): number | undefined {
    const { heldPlace, calm } = this.#rules;
    const [lostFirst] = this.#lost.values();
    const { calmSince } = this.#crowding;
    const times = [
      lostFirst === undefined ? undefined : lostFirst + heldPlace,
      calmSince === undefined ? undefined : calmSince + calm,
      this.#refusals.deadline,
    ].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  person(id: string): Readonly<Person> | undefined {
    return this.#people.get(id);
  }

  standing(id: string): Standing {
    const person = this.#people.get(id);
    const refused = this.#refusals.has(id);
    if (person === undefined) return { place: "viewing", refused };
    return { place: this.#line.has(person) ? "asking" : person.place, refused };
  }

  /** Whether this person may decide about others: whoever edits; in moderated mode, who owns the document. */
  mayDecide(id: string): boolean {
    const person = this.#people.get(id);
    if (person === undefined) return false;
    return isOwner(person) || (!this.#moderated && person.place === "editing");
  }

  /** Why this person may not ask for a place now; undefined: they may. */
  refusalToAsk(id: string, now: number): TuttiError | undefined {
    const person = this.#people.get(id);
    if (person === undefined || !isPresent(person)) return new TuttiError("forbidden", "whoever is not here can't ask");
    if (!mayEdit(person.role)) return new TuttiError("forbidden", `whoever is ${person.role} here may not edit`);
    const wait = this.#refusals.remaining(id, now);
    if (wait === 0 || person.place === "editing") return undefined;
    return new TuttiError("rate_limited", "somebody said no; ask again later", wait);
  }

  /**
   * @param now milliseconds; never before that of an earlier event
   * @returns ids of those who stand differently now
   */
  apply(event: RollEvent, now: number): ReadonlySet<string> {
    this.#changed = new Set();
    this.#letTimePass(now);
    this.#handle(event, now);
    this.#count(now);
    this.#fill();
    return this.#changed;
  }

  #handle(event: RollEvent, now: number): void {
    switch (event.kind) {
      case "arrive":
        this.#arrive(event, now);
        break;
      case "leave":
        this.#leave(event.user, event.lost, now);
        break;
      case "ask":
        this.#ask(event.user, event.wish, now);
        break;
      case "decide":
        this.#decide(event.user, event.edit, now);
        break;
      case "name":
        this.#name(event.user, event.edit, now);
        break;
      case "moderate":
        this.#moderate(event.moderated, event.named);
        break;
    }
  }

  #letTimePass(now: number): void {
    this.#count(now);
    for (const id of this.#refusals.expire(now)) this.#changed.add(id);
    for (const [person, since] of this.#lost) {
      if (now - since < this.#rules.heldPlace) break;
      this.#remove(person);
    }
  }

  #count(now: number): void {
    const before = this.#crowding;
    this.#crowding = nextCrowding(before, this.#connections, now, this.#rules);
    if (before.crowded && !this.#crowding.crowded) this.#loosened = true;
  }

  #arrive({ user, role, named }: Extract<RollEvent, { kind: "arrive" }>, now: number): void {
    const person = this.#people.get(user.id) ?? {
      user,
      role,
      tabs: 0,
      place: "viewing",
      // Opening the document again is no way round a refusal.
      resting: role !== "owner" && this.#refusals.has(user.id),
      displaced: false,
    };
    this.#people.set(user.id, person);
    person.role = role;
    if (named) this.#named.add(user.id);
    else this.#named.delete(user.id);
    if (person.tabs === 0) {
      this.#lost.delete(person);
      this.#present += 1;
    }
    person.tabs += 1;
    this.#connections += 1;
    this.#count(now);
    if (!mayEdit(role) && this.#line.remove(person)) this.#changed.add(user.id);
    if (!this.#mayHave(person)) this.#takeAway(person);
    else if (this.#comesBy(person)) this.#give(person);
  }

  #leave(id: string, lost: boolean, now: number): void {
    const person = this.#people.get(id);
    if (person === undefined || !isPresent(person)) return;
    person.tabs -= 1;
    this.#connections -= 1;
    if (isPresent(person)) return;
    this.#present -= 1;
    const has = person.place === "editing" || this.#line.has(person);
    if (lost && has) this.#lost.set(person, now);
    else this.#remove(person);
  }

  #ask(id: string, wish: "edit" | "view", now: number): void {
    const person = this.#people.get(id);
    if (person === undefined || !isPresent(person)) return;
    if (wish === "view") {
      person.resting = true;
      if (this.#line.remove(person)) this.#changed.add(id);
      this.#takeAway(person);
      return;
    }
    if (person.place === "editing" || this.refusalToAsk(id, now) !== undefined) return;
    person.resting = false;
    this.#refusals.forget(id);
    this.#line.add(person);
    this.#changed.add(id);
    // Nobody has to let in who owns the document, or was named.
    if (isOwner(person) || (this.#moderated && this.#mayHave(person))) this.#line.grant(person);
  }

  #decide(id: string, edit: boolean, now: number): void {
    const person = this.#people.get(id);
    if (person === undefined || !this.#line.has(person)) return;
    this.#changed.add(id);
    if (edit) this.#line.grant(person);
    else this.#refuse(person, now);
  }

  #name(id: string, edit: boolean, now: number): void {
    if (edit) {
      this.#named.add(id);
      this.#refusals.forget(id);
    } else this.#named.delete(id);
    const person = this.#people.get(id);
    if (person === undefined) return;
    this.#changed.add(id);
    if (edit) {
      person.resting = false;
      this.#line.grant(person);
      this.#loosened = true;
    } else if (this.#line.has(person)) this.#refuse(person, now);
    else if (!this.#mayHave(person)) this.#takeAway(person);
  }

  #refuse(person: Person, now: number): void {
    this.#line.remove(person);
    person.resting = true;
    this.#refusals.add(person.user.id, now);
  }

  #moderate(moderated: boolean, named: readonly string[]): void {
    this.#moderated = moderated;
    this.#named = new Set(named);
    this.#loosened = true;
    for (const person of [...this.#editors]) {
      if (this.#mayHave(person)) continue;
      this.#takeAway(person);
      person.displaced = true;
    }
  }

  /** Whether this person may have a place at all. */
  #mayHave(person: Person): boolean {
    if (!mayEdit(person.role)) return false;
    return !this.#moderated || isOwner(person) || this.#named.has(person.user.id);
  }

  /** Whether a free place is theirs though they ask for none. */
  #comesBy(person: Person): boolean {
    if (person.place === "editing" || person.resting || !isPresent(person) || !this.#mayHave(person)) return false;
    return this.#hasRoomFor(person) && (this.mode !== "crowded" || isOwner(person) || person.displaced);
  }

  #hasRoomFor(person: Person): boolean {
    const letIn = this.#moderated || isOwner(person) || this.#line.isGranted(person);
    return this.#editors.size < (letIn ? this.#rules.mostEditors : this.#rules.editors);
  }

  /** Gives away what is free: to those in line first, then to those whose it is without asking. */
  #fill(): void {
    const { mostEditors, editors } = this.#rules;
    if (this.#editors.size < mostEditors) {
      const all = !this.#moderated && this.#editors.size < editors;
      this.#serve(all ? this.#line.inOrder() : this.#line.granted());
    }
    if (!this.#loosened) return;
    this.#loosened = false;
    for (const person of this.#people.values()) {
      if (this.#editors.size >= mostEditors) return;
      if (this.#comesBy(person)) this.#give(person);
    }
  }

  #serve(line: readonly Person[]): void {
    for (const person of line) {
      if (!this.#hasRoomFor(person)) return;
      if (isPresent(person) && this.#mayHave(person)) this.#give(person);
    }
  }

  #give(person: Person): void {
    this.#line.remove(person);
    this.#refusals.forget(person.user.id);
    person.place = "editing";
    person.displaced = false;
    this.#editors.add(person);
    this.#changed.add(person.user.id);
  }

  #takeAway(person: Person): void {
    if (!this.#editors.delete(person)) return;
    person.place = "viewing";
    this.#loosened = true;
    this.#changed.add(person.user.id);
  }

  /** Nobody who left is waited for any more. */
  #remove(person: Person): void {
    this.#people.delete(person.user.id);
    this.#lost.delete(person);
    this.#line.remove(person);
    if (this.#editors.delete(person)) this.#loosened = true;
  }
}
