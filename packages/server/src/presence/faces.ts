import { type Random, randomId, type User } from "@tutti/protocol";
import { Colours } from "./colours.js";
import type { Face, Farewell } from "./face.js";
import type { PresenceState } from "./presence-state.js";

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
  readonly #shown = new Map<PresenceState, Face>();
  /** Those who view beyond the sample, in the order in which they get into it. */
  readonly #unseen = new Set<PresenceState>();
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

  of(state: PresenceState): Face | undefined {
    return this.#shown.get(state);
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
  show(state: PresenceState, present: boolean): readonly PresenceState[] {
    const face = this.#shown.get(state);
    if (present && (face === undefined ? this.#waits(state) : isStill(face))) return [];
    if (face !== undefined) this.#dismiss(face);
    this.#unseen.delete(state);
    const changed = present && this.#admit(state) ? [state] : [];
    return [...changed, ...this.#fillSample()];
  }

  #waits(state: PresenceState): boolean {
    return this.#unseen.has(state) && state.activity === "viewing" && state.appearance !== "hidden";
  }

  #admit(state: PresenceState): boolean {
    const { appearance, activity } = state;
    if (appearance === "hidden") return false;
    if (activity === "viewing" && this.#viewing >= this.#sample) {
      this.#unseen.add(state);
      return false;
    }
    if (activity === "viewing") this.#viewing += 1;
    this.#shown.set(state, this.#newFace(state, appearance === "anonymous"));
    return true;
  }

  #newFace(state: PresenceState, anonymous: boolean): Face {
    const user = anonymous ? this.#disguise(state.participant.user.id) : state.participant.user;
    const moment = this.change();
    this.#nextNumber += 1;
    return {
      state,
      number: this.#nextNumber,
      client: anonymous ? randomId(this.#random) : state.participant.client,
      user,
      anonymous,
      activity: state.activity,
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
    this.#shown.delete(face.state);
    this.#colours.giveBack(face.user.id);
    if (face.activity === "viewing") this.#viewing -= 1;
    if (face.anonymous) this.#undisguise(face.state.participant.user.id);
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

  #fillSample(): readonly PresenceState[] {
    const admitted: PresenceState[] = [];
    for (const state of this.#unseen) {
      if (this.#viewing >= this.#sample) break;
      this.#unseen.delete(state);
      if (this.#admit(state)) admitted.push(state);
    }
    return admitted;
  }
}

/** Whether a face is how its owner wants to be seen. */
function isStill({ state, anonymous, activity }: Face): boolean {
  return activity === state.activity && state.appearance === (anonymous ? "anonymous" : "named");
}
