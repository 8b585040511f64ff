import type { Operation } from "@tutti/ot";
import type { Alert, Attendance, ErrorData, Opened, Presence } from "@tutti/protocol";
import type { Conflict } from "../conflict/conflict.js";
import type { DocumentHandle } from "../types.js";
import type { Committed } from "./replica.js";

/** Who is told what happens to the document. */
export interface Host {
  /** The document is open, on the server or from what is stored here: kind, title and role are these. */
  opened(details: Pick<Opened, "kind" | "title" | "role">): void;
  /** What the person sees changed by somebody else's doing. */
  changed(delta: Operation): void;
  /** A version was committed by the server. */
  committed(commit: Committed): void;
  /** Others came, moved or left. */
  presence(told: Omit<Presence, "type" | "document">): void;
  /** How many are here, and who of them may edit now (S11). */
  attendance(told: Attendance): void;
  /** Something happened that somebody should look at, or has (L4). */
  alert(told: Alert): void;
  error(error: ErrorData): void;
  /** There is a conflict, or none any more (C12). */
  conflict(conflict: Conflict | undefined): void;
  /** Opens another document. */
  open(id: string): DocumentHandle;
  /** The document can't be had: not until the person has signed in again, or never. */
  refused(error: ErrorData): void;
  /** After `refused`: it may be had after all. */
  hoped(): void;
  /** After every event, when all has been decided. */
  settled(): void;
  /** Nothing more comes. @param refusal why the server took nothing more at the end; undefined: it did */
  closed(refusal: ErrorData | undefined): void;
}
