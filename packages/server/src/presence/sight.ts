import type { Face } from "./face.js";
import type { PresenceParticipant } from "./presence-state.js";

/** What decides which message somebody gets: those of the same sight share one. */
export interface Sight {
  /** Sees others who view, and not only those who edit. */
  readonly viewers: boolean;
  /** Is told cursors as `moved`. */
  readonly compact: boolean;
  /** May not have seen each operation on its own, and so can't carry a cursor along with its owner's typing. */
  readonly composed: boolean;
}

/** Whose role is to view sees of others who view only how many they are (P5). */
export const seesViewers = ({ role }: Pick<PresenceParticipant, "role">): boolean => role !== "viewer";

export const sees = (sight: Pick<Sight, "viewers">, face: Face): boolean =>
  sight.viewers || face.activity === "editing";

/** @param composed they may have got several operations as one */
export const sightOf = (participant: PresenceParticipant, composed: boolean): Sight => ({
  viewers: seesViewers(participant),
  compact: participant.attends,
  composed,
});

/** The same for the same sight. */
export const keyOf = ({ viewers, compact, composed }: Sight): number =>
  (viewers ? 1 : 0) + (compact ? 2 : 0) + (composed ? 4 : 0);
