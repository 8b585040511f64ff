import { type Random, randomId, type User } from "@tutti/protocol";
import { Colours } from "./colours.js";
import type { Face, Farewell } from "./face.js";
import type { Guest } from "./guest.js";

/** Farewells kept for those who have no room now; who has missed more is told of everybody anew. */
const REMEMBERED_FAREWELLS = 500;
const ANONYMOUS = "Anonymous";

/**
 * Who is shown in one document, and since when: everybody who edits, and a sample of those who view (S11). Each change
 * has a moment; whoever was told at one moment needs what is newer, so that nothing has to be kept for anybody (S6).
 */
export class Faces {
  readonly #random: Random;
  readonly #sample: number;
  readonly #shown = new Map<Guest, Face>();
  /** Those who view beyond the sample, in the order in which they get into it. */
  readonly #unseen = new Set<Guest>();
  readonly #colours = new Colours();
  /** The made-up people behind those who are shown without a name, by who they are. */
  readonly #aliases = new Map<string, { readonly user: User; tabs: number }>();
  #farewells: Farewell[] = [];
  #viewing = 0;
  #nextNumber = 0;
  #changed = false;
  /** The moment of the newest change that may be told. */
  moment = 0;
  /** Who was told before this moment needs all there is. */
  forgotten = 0;

  constructor(sample: number, random: Random) {
    this.#sample = sample;
    this.#random = random;
  }

  /** Those who are shown, in the order in which they came into view. */
  all(): Iterable<Face> {
    return this.#shown.values();
  }

  of(guest: Guest): Face | undefined {
    return this.#shown.get(guest);
  }

  /** The newest last. */
  get farewells(): readonly Farewell[] {
    return this.#farewells;
  }

  /** Whether this person is among those who are shown without a name. */
  isDisguised(user: string): boolean {
    return this.#aliases.has(user);
  }

  /** The moment that changes from now on belong to. */
  change(): number {
    this.#changed = true;
    return this.moment + 1;
  }

  /** What changed may be told from now on. */
  next(): void {
    if (this.#changed) this.moment += 1;
    this.#changed = false;
  }

  /**
   * Shows somebody as they want to be seen now, where that is not so already.
   * @param present false: they are not here, as far as anybody knows
   * @returns those who came into view, or are seen differently now: where their cursors are must be found out
   */
  show(guest: Guest, present: boolean): readonly Guest[] {
    const face = this.#shown.get(guest);
    if (present && (face === undefined ? this.#waits(guest) : isStill(face))) return [];
    if (face !== undefined) this.#dismiss(face);
    this.#unseen.delete(guest);
    const changed = present && this.#admit(guest) ? [guest] : [];
    return [...changed, ...this.#fillSample()];
  }

  #waits(guest: Guest): boolean {
    return this.#unseen.has(guest) && guest.activity === "viewing" && guest.appearance !== "hidden";
  }

  #admit(guest: Guest): boolean {
    const { appearance, activity } = guest;
    if (appearance === "hidden") return false;
    if (activity === "viewing" && this.#viewing >= this.#sample) {
      this.#unseen.add(guest);
      return false;
    }
    if (activity === "viewing") this.#viewing += 1;
    this.#shown.set(guest, this.#newFace(guest, appearance === "anonymous"));
    return true;
  }

  #newFace(guest: Guest, anonymous: boolean): Face {
    const user = anonymous ? this.#disguise(guest.attendee.user.id) : guest.attendee.user;
    const moment = this.change();
    this.#nextNumber += 1;
    return {
      guest,
      number: this.#nextNumber,
      client: anonymous ? randomId(this.#random) : guest.attendee.client,
      user,
      anonymous,
      activity: guest.activity,
      colour: this.#colours.take(user.id),
      cursor: null,
      newest: { entry: moment, move: 0, own: 0 },
    };
  }

  /** All tabs of a person are one person, without a name too. */
  #disguise(id: string): User {
    const alias = this.#aliases.get(id) ?? { user: { id: randomId(this.#random), name: ANONYMOUS }, tabs: 0 };
    alias.tabs += 1;
    this.#aliases.set(id, alias);
    return alias.user;
  }

  #dismiss(face: Face): void {
    this.#shown.delete(face.guest);
    this.#colours.giveBack(face.user.id);
    if (face.activity === "viewing") this.#viewing -= 1;
    if (face.anonymous) this.#undisguise(face.guest.attendee.user.id);
    this.#farewells.push({ moment: this.change(), face });
    if (this.#farewells.length > 2 * REMEMBERED_FAREWELLS) this.#forget();
  }

  #undisguise(id: string): void {
    const alias = this.#aliases.get(id);
    if (alias === undefined) return;
    alias.tabs -= 1;
    if (alias.tabs === 0) this.#aliases.delete(id);
  }

  #forget(): void {
    const dropped = this.#farewells.splice(0, this.#farewells.length - REMEMBERED_FAREWELLS);
    this.forgotten = dropped.at(-1)?.moment ?? this.forgotten;
  }

  #fillSample(): readonly Guest[] {
    const admitted: Guest[] = [];
    for (const guest of this.#unseen) {
      if (this.#viewing >= this.#sample) break;
      this.#unseen.delete(guest);
      if (this.#admit(guest)) admitted.push(guest);
    }
    return admitted;
  }
}

/** Whether a face is how its owner wants to be seen. */
function isStill({ guest, anonymous, activity }: Face): boolean {
  return activity === guest.activity && guest.appearance === (anonymous ? "anonymous" : "named");
}
