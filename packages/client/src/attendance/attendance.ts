import type { Alert as AlertMessage, Attendance as AttendanceMessage, User } from "@tutti/protocol";

/** How many people are in a document, and who of them may edit now (S11): `doc.attendance`. */
export interface Attendance {
  /** "open" · "crowded": newcomers view, and may ask for a place · "moderated": the owner says who edits. */
  readonly mode: AttendanceMessage["mode"];
  /** Mine: "editing" · "viewing" · "asking": viewing, and in line for a place. It is the same in all of my tabs. */
  readonly place: AttendanceMessage["place"];
  /** Persons, whether they are seen or not; tabs of one person count once. */
  readonly people: number;
  /** Persons who may edit now … */
  readonly editors: number;
  /** … of so many. */
  readonly places: number;
  /** While I am asking: how many ask before me, and I (1: I am next), where there is a line. */
  readonly line?: number | undefined;
  /** Somebody said no when I asked last. */
  readonly refused: boolean;
  /** Milliseconds between two updates of the text, while I view in a crowd; undefined: at once. */
  readonly updates?: number | undefined;
  /** Who waits for a place, in order: for those who may `decide`. */
  readonly asking: readonly User[];
  /** Who may edit in moderated mode: for the owner. */
  readonly named: readonly User[];
}

/** Something happened in the document that somebody should look at; nothing was held back (L4). */
export interface Alert {
  /** Of the document: the first one of what happened. It names the alert in `/v1/documents/:id/alerts/:version/…`. */
  readonly version: number;
  /** "mass_deletion": more than half of the text is gone, and can be restored · "flagged": by the content check. */
  readonly kind: AlertMessage["kind"];
  /** Who did it. */
  readonly user: User;
  /** Of a mass deletion: UTF-16 units that are gone … */
  readonly removed?: number | undefined;
  /** … of so many. */
  readonly length?: number | undefined;
  /** What the content check says. */
  readonly reason?: string | undefined;
  /** It was restored or dismissed: nobody needs to look any more. */
  readonly settled: boolean;
}
