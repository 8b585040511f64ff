import type { Cursor, PresenceEntry, User } from "@tutti/protocol";
import type { Activity, PresenceState } from "./presence-state.js";

/**
 * One client as the others see it: under its own name, or one made up. Whoever is seen in another way from now on gets
 * another face, so that one can't be told from the other.
 */
export interface Face {
  readonly state: PresenceState;
  /** Stands for it in `moved`; never used again in this room. */
  readonly number: number;
  /** Made up for one without a name. */
  readonly client: string;
  readonly user: User;
  readonly anonymous: boolean;
  readonly activity: Activity;
  readonly colour: number;
  cursor: Cursor | null;
  /** The newest moments (`Faces.moment`) at which … */
  readonly newest: {
    /** … something changed that only an entry tells. */
    entry: number;
    /** … the client moved its cursor. */
    move: number;
    /** … text of its own carried the cursor along, which nobody is told who sees each operation. */
    own: number;
  };
}

/** Somebody who is not seen any more, or not as before. */
export interface Farewell {
  readonly moment: number;
  readonly face: Face;
}

/** @param now milliseconds since 1970 */
export function entryOf(face: Face, now: number): PresenceEntry {
  const { state, number, client, user, anonymous, activity, colour, cursor } = face;
  const { device } = state.participant;
  return {
    client,
    user,
    cursor,
    number,
    activity,
    active: Math.max(0, Math.round(now - state.active)),
    // What somebody works with helps to tell who it is.
    ...(device === undefined || anonymous ? undefined : { device }),
    colour,
  };
}

export const goneEntry = ({ client, user }: Face): PresenceEntry => ({ client, user, cursor: null, gone: true });
