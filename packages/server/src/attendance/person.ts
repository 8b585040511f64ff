import type { Role, User } from "@tutti/protocol";
import type { Place } from "../delivery/participant.js";

/** Somebody who attends a document, however many tabs they have it open in. */
export interface Person {
  readonly user: User;
  role: Role;
  /** Connections; 0: all are lost, and what the person had is kept for a while. */
  tabs: number;
  place: Place;
  /** They view because they want to, or were told to: no place comes to them by itself. */
  resting: boolean;
  /** They had a place when moderated mode began, and get one again when it ends. */
  displaced: boolean;
}

export const isOwner = (person: Person): boolean => person.role === "owner";
export const isPresent = (person: Person): boolean => person.tabs > 0;
