import type { Participant, Place } from "../delivery/participant.js";

/** One client in one document, as attendance sees it: somebody whose place it decides. */
export interface Attendee extends Participant {
  /** The id of the document. */
  readonly document: string;
  place: Place;
}

/** What attendance needs of a document that is in memory. */
export interface AttendedDocument {
  readonly record: { readonly id: string; readonly createdBy: string; readonly moderated?: true | undefined };
  /** Milliseconds between two updates to those who view; undefined: at once. */
  readonly updates: number | undefined;
  /** Tells those who view in rounds, `interval` to `slowest` milliseconds apart; undefined: at once. */
  crowd(interval: number | undefined, slowest?: number): void;
  /** The participant's place has changed. */
  placed(participant: Participant): void;
}
