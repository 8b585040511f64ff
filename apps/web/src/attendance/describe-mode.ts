import type { Attendance } from "@tutti/client";
import { describeInterval } from "./describe-interval.js";

/** What the mode of a document means for people, above their list; empty in an ordinary document. */
export function describeMode(attendance: Attendance | undefined): string {
  if (attendance === undefined || attendance.mode === "open") return "";
  const { updates } = attendance;
  const pace = updates === undefined ? "" : ` Those who view get updates ${describeInterval(updates)}.`;
  if (attendance.mode === "moderated") return `Moderated: the owner says who edits here.${pace}`;
  return `Crowded: newcomers view until there is a place for them.${pace}`;
}
