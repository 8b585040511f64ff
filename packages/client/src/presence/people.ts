import type { Cancel, Device, User, Visibility } from "@tutti/protocol";

/** A selection, or a place in the text (both ends equal), in UTF-16 units of the text as it is seen here. */
export interface CursorRange {
  readonly anchor: number;
  readonly head: number;
}

/** Somebody else in the document, in one of their tabs (P2). */
export interface Person {
  /** One per tab. */
  readonly client: string;
  /** Whoever views anonymously has a made-up id and the name "Anonymous" (P5). */
  readonly user: User;
  /** CSS colour with good contrast to white text; the same everywhere for one person. */
  readonly colour: string;
  /** null while they are only looking. */
  readonly cursor: CursorRange | null;
  /** Whether they change the text, or look at it. */
  readonly activity: "editing" | "viewing";
  /** When they last did something: a time in milliseconds, by the clock of this client. */
  readonly active: number;
  /** What they work with, where it is known. */
  readonly device?: Device | undefined;
}

/** Somebody else in the document: all of their tabs are one person (P2). */
export interface PersonPresent {
  readonly user: User;
  readonly colour: string;
  /** In the order in which they came; at least one. */
  readonly tabs: readonly Person[];
  /** "editing" when they do in one of the tabs. */
  readonly activity: "editing" | "viewing";
  /** The newest of the tabs'. */
  readonly active: number;
  /** Of the tab in which they did something last. */
  readonly cursor: CursorRange | null;
}

/** Who else is here, and where I am (P2). */
export interface PresenceHandle {
  /** Tab by tab. In a crowded document: those who edit, and some of those who view; `doc.attendance` counts all. */
  readonly others: readonly Person[];
  /** The same people one by one. My own other tabs are among them, as a person with my id. */
  readonly people: readonly PersonPresent[];
  /** Mine, as the others see it; undefined while nobody has said. */
  readonly colour: string | undefined;
  /** False while the server can't say who is here; editing goes on (P1). */
  readonly available: boolean;
  /** How others see me while I only view; who edits is seen by name (P5). Counts at once, and for every reconnect. */
  visibility: Visibility;
  /** Tells the others where I am, the first move at once, then at intervals (P3); null: only looking. */
  setCursor(cursor: CursorRange | null): void;
  /** Told when any of `others`, `people`, `colour`, `available` has changed. */
  on(event: "change", listener: (others: readonly Person[]) => void): Cancel;
}
