import type { Attendance } from "@tutti/client";
import { describeInterval } from "./describe-interval.js";

/** What somebody who views is told, and what they can do. */
export interface PlaceWords {
  readonly text: string;
  /** Left out where there is nothing more to say. */
  readonly more?: string;
  readonly action: "ask" | "withdraw";
}

/** @param unsaved something typed here has not reached the server */
export function describePlace(attendance: Attendance, unsaved: boolean): PlaceWords {
  const { updates, place } = attendance;
  const more = [
    unsaved ? "What you wrote is kept, and sent when you can edit." : "",
    updates === undefined ? "" : `Updates arrive ${describeInterval(updates)}.`,
  ];
  return {
    text: textOf(attendance),
    ...(more.some((part) => part !== "") && { more: more.filter((part) => part !== "").join(" ") }),
    action: place === "asking" ? "withdraw" : "ask",
  };
}

function textOf(attendance: Attendance): string {
  if (attendance.place === "asking") return `You asked to edit: ${describeLine(attendance)}.`;
  if (attendance.refused) return "Your wish was refused; you can ask again in a minute.";
  return reasonOf(attendance);
}

/** A place in line means nothing where the owner decides: they take whom they like. */
function describeLine({ mode, line = 1 }: Attendance): string {
  if (mode === "moderated") return "the owner decides";
  return line === 1 ? "you are next" : `${line - 1} before you`;
}

function reasonOf({ mode, editors, places }: Attendance): string {
  if (mode === "moderated") return "The owner says who edits here, so you are viewing.";
  if (mode === "crowded") return "Many people are here, so you are viewing.";
  if (editors < places) return "You are viewing.";
  return `All places for editing are taken (${editors} of ${places}), so you are viewing.`;
}
