/** What happened, for metrics. The server calls these on its way; they must be cheap and never throw. */
export interface Observer {
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
  /** A client reported that it does not have the document that the server has (C6). */
  diverged(): void;
}

export const silentObserver: Observer = {
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
  diverged() {},
};
