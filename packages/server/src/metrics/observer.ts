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
  /** Somebody who was behind was told so many versions, as so many changes. */
  caughtUp(versions: number, changes: number): void;
  /** A client reported that it does not have the document that the server has (C6). */
  diverged(): void;
  /** Somebody should look at what happened in a document (L4). */
  alert(kind: "mass_deletion" | "flagged"): void;
  /** What became of a text that the content check was asked about, or could not be (L4). */
  contentCheck(outcome: "clean" | "flagged" | "failed" | "dropped"): void;
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
  caughtUp() {},
  diverged() {},
  alert() {},
  contentCheck() {},
};
