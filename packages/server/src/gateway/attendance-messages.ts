import type { Ask, Decide, Moderate } from "@tutti/protocol";
import type { AttendanceService } from "../attendance/attendance-service.js";
import type { DocumentActor } from "../documents/actor.js";
import type { Membership } from "./membership.js";

/** What somebody says about places in a document (S11). */
export type AttendanceMessage = Ask | Decide | Moderate;

/** A document that a connection has open. */
export interface Joined {
  readonly membership: Membership;
  readonly actor: DocumentActor;
}

/**
 * Does what a message about places asks for; its answer is `attendance`.
 * @throws TuttiError `forbidden`, `rate_limited`, `not_found`; StoreError: nothing has changed then
 */
export async function attend(
  attendance: AttendanceService,
  { membership, actor }: Joined,
  message: AttendanceMessage,
): Promise<void> {
  switch (message.type) {
    case "ask":
      attendance.ask(membership, message.wish);
      return;
    case "decide":
      await attendance.decide(membership, message.user, message.edit);
      return;
    case "moderate":
      await attendance.moderate(actor.record, membership.user.id, message.moderated);
  }
}
