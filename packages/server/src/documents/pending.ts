import type { Document } from "@tutti/ot";
import type { Participant } from "../delivery/participant.js";
import type { Turn } from "../protection/turns.js";
import type { ClientPosition, NewOperation } from "../storage/store.js";

/** An operation that is admitted but not durable yet. Nobody but its author knows of it. */
export interface Pending {
  readonly author: Participant;
  readonly stored: NewOperation;
  /** The content after it. */
  readonly document: Document;
  /** Where its author stood before, to go back to when storage fails. */
  readonly before: ClientPosition | undefined;
  /** Its place in the queue. */
  readonly turn: Turn;
}
