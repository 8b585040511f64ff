import type { Cursor, Device, Move, Visibility } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";

/** One client in one document, as presence needs it. */
export interface PresenceParticipant extends Participant {
  /** How they want to be seen while they view, when they come (P5). */
  readonly visibility: Visibility;
  /** What they work with; undefined: they did not say. */
  readonly device: Device | undefined;
  /** When its connection said anything at all, in milliseconds since 1970. */
  readonly lastHeard: number;
}

/** What somebody does with the text, as others see it. */
export type Activity = "editing" | "viewing";

/** What a client may say of itself at any time. */
export type Statement = Pick<Move, "cursor" | "activity" | "visibility">;

/**
 * What is known of one client, and can't be asked for again: it outlives the rest of presence when that fails. Above all
 * nobody who wished to be hidden is shown because of a failure (P5).
 */
export class PresenceState {
  readonly participant: PresenceParticipant;
  /** The cursor as it was said, of the version it was said for; or carried on from there. */
  cursor: Cursor | null = null;
  /** When they did something here, in milliseconds since 1970. */
  active: number;
  visibility: Visibility;
  /** They said that they only look, and did nothing else since. */
  #onlyLooks = false;
  #edited = false;

  constructor(participant: PresenceParticipant, now: number) {
    this.participant = participant;
    this.visibility = participant.visibility;
    this.active = now;
  }

  /**
   * What they do: never more than their place allows. Somebody who does not want to be seen by name counts as viewing
   * until something that they wrote is committed, because a place, or a cursor in the text, must not show who they are.
   */
  get activity(): Activity {
    if (this.participant.place !== "editing" || this.#onlyLooks) return "viewing";
    return this.visibility === "named" || this.#edited ? "editing" : "viewing";
  }

  /** How others see them now: whoever edits is seen by name, since edits carry it (P5). */
  get appearance(): Visibility {
    return this.activity === "editing" ? "named" : this.visibility;
  }

  says({ cursor, activity, visibility }: Statement, now: number): void {
    this.cursor = cursor;
    this.active = now;
    const otherwise = visibility !== undefined && visibility !== this.visibility;
    this.#onlyLooks = activity === "viewing";
    if (this.#onlyLooks || otherwise) this.#edited = false;
    this.visibility = visibility ?? this.visibility;
  }

  /** Something that they wrote was committed. */
  edits(now: number): void {
    this.active = now;
    this.#edited = true;
    this.#onlyLooks = false;
  }
}
