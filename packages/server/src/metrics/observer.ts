import { type PresenceObserver, silentPresenceObserver } from "./presence-observer.js";

/** How one document is attended (S11). */
export interface AttendanceFigures {
  readonly mode: "open" | "crowded" | "moderated";
  /** Persons who are here; who have a place to edit; who ask for one. */
  readonly people: number;
  readonly editors: number;
  readonly asking: number;
}

/** What happened, for metrics. The server calls these on its way; they must be cheap and never throw. */
export interface Observer {
  readonly presence: PresenceObserver;
  connections(open: number): void;
  documents(loaded: number): void;
  /** Operations of one document became durable, `milliseconds` after the first of them was admitted. */
  committed(operations: number, milliseconds: number): void;
  repeated(): void;
  rejected(code: string): void;
  loaded(milliseconds: number): void;
  storageFailed(): void;
  frameIn(bytes: number): void;
  frameOut(bytes: number): void;
  /** The degradation level and the stage of shedding changed (S7, S8). */
  condition(level: number, shedding: number): void;
  /** Somebody was suspended. */
  suspended(): void;
  /** A connection was turned away before it was one. */
  turnedAway(code: string): void;
  /** So many connections wait until they are let in, and so many slots are reserved for those who were turned away (S10). */
  admission(waiting: number, reserved: number): void;
  /** A connection was let in after so long. */
  admitted(milliseconds: number): void;
  /** So many documents wait for being read from storage. */
  loadsWaiting(count: number): void;
  /** Somebody who was behind was told so many versions, as so many changes. */
  caughtUp(versions: number, changes: number): void;
  /** A round of updates went out to those who view one document (S11), and ended `milliseconds` after it was due. */
  viewersTold(viewers: number, milliseconds: number): void;
  /** A client reported that it does not have the document that the server has (C6). */
  diverged(): void;
  /** The attendance of one document has changed. */
  attendance(before: AttendanceFigures, after: AttendanceFigures): void;
  /** Somebody said whether somebody else may edit. */
  decided(granted: boolean): void;
  /** Somebody should look at what happened in a document (L4). */
  alert(kind: "mass_deletion" | "flagged"): void;
  /** What became of a text that the content check was asked about, or could not be (L4). */
  contentCheck(outcome: "clean" | "flagged" | "failed" | "dropped"): void;
}

export const silentObserver: Observer = {
  presence: silentPresenceObserver,
  connections() {},
  documents() {},
  committed() {},
  repeated() {},
  rejected() {},
  loaded() {},
  storageFailed() {},
  frameIn() {},
  frameOut() {},
  condition() {},
  suspended() {},
  turnedAway() {},
  admission() {},
  admitted() {},
  loadsWaiting() {},
  caughtUp() {},
  viewersTold() {},
  diverged() {},
  attendance() {},
  decided() {},
  alert() {},
  contentCheck() {},
};
