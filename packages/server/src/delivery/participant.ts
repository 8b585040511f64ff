import type { Opened, Role, User } from "@tutti/protocol";
import type { SharedMessage } from "./shared-message.js";

/** What somebody does in a document: those who edit are told everything at once, those who view may wait (S11). */
export type Place = "editing" | "viewing";

/** One client in one document, as the document sees it. */
export interface Participant {
  /** The author of its edits: one per tab, owned by one person for ever. */
  readonly client: string;
  readonly user: User;
  /** What the person may do here, as it was when they opened the document (A2). */
  readonly role: Role;
  /** Whether they edit now, or view, though their role may allow more (S11). */
  readonly place: Place;
  /** What `opened` says of role and place, in the words that its client knows. */
  readonly introduction: Pick<Opened, "role" | "place">;
  /** Opened with `attendance`: it understands what it is told about places, and alerts. */
  readonly attends: boolean;
  /** Takes composed changes, and content in parts. */
  readonly pieces: boolean;
  /** False while so much is on its way to it already that only what it waits for should be added (S6). */
  readonly hasRoom: boolean;
  send(message: SharedMessage): void;
}
