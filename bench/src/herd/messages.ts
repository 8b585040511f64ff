/** Somebody of the herd: which document, and as whom. */
export interface Seat {
  /** Unique, from 1. */
  readonly member: number;
  readonly document: string;
  readonly token: string;
  /** Types all the time; the others read. */
  readonly writes: boolean;
}

/** What a process of members is started with. */
export interface MembersOrder {
  readonly url: string;
  readonly seats: readonly Seat[];
  readonly seed: number;
  /** Milliseconds over which they arrive first. */
  readonly arriveWithin: number;
  /** Longest pause between two bursts of a writer, in milliseconds. */
  readonly pause: number;
}

/** How a restart was for one member; times in milliseconds since 1970. */
export interface Journey {
  /** When it tried to connect: each WebSocket, and each session over HTTP. */
  readonly attempts: readonly number[];
  /** When it noticed that the server is gone; undefined: it never did. */
  readonly lost: number | undefined;
  /** When it had its document open again, up to date; undefined: not yet. */
  readonly back: number | undefined;
  /** How often it was lost again after that. */
  readonly lostAgain: number;
}

/**
 * To the members. "watch": a new journey begins; "look": how many are here?; "tell": the journeys; "finish": writers
 * stop, and wait until everything is saved.
 */
export interface ToMembers {
  readonly type: "watch" | "look" | "tell" | "finish";
}

/** From the members. `upTo`: all tokens of this writer up to this count are acknowledged. */
export type FromMembers =
  | { readonly type: "acknowledged"; readonly member: number; readonly upTo: number }
  | { readonly type: "failed"; readonly member: number; readonly reason: string }
  /** `here`: have their document open and up to date now; `back`: came back after they had lost it. */
  | { readonly type: "looked"; readonly here: number; readonly back: number }
  | { readonly type: "told"; readonly journeys: readonly Journey[] }
  | { readonly type: "finished" };
