import type { User } from "@tutti/protocol";
import type { SharedMessage } from "./shared-message.js";

/** One client in one document, as the document sees it. */
export interface Participant {
  /** The author of its edits: one per tab, owned by one person for ever. */
  readonly client: string;
  readonly user: User;
  send(message: SharedMessage): void;
}
