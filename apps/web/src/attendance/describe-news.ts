import type { Attendance } from "@tutti/client";
import { describeAsking } from "./describe-asking.js";
import { describePlace } from "./describe-place.js";

/** What changed for the person, to be told once. */
export interface News {
  readonly title: string;
  readonly text: string;
  /** "shown": nothing else on the page says it; "spoken": the page shows it, screen readers are told. */
  readonly how: "shown" | "spoken";
}

/**
 * What somebody should hear of, when the attendance has changed; null: nothing. What concerns the person comes first.
 *
 * @param before undefined: the document was just opened
 * @param owner whether they own the document
 */
export function describeNews(before: Attendance | undefined, now: Attendance, owner: boolean): News | null {
  return aboutMe(before, now) ?? aboutAsking(before, now) ?? aboutMode(before, now, owner);
}

function aboutMe(before: Attendance | undefined, now: Attendance): News | null {
  if (now.place === "editing") {
    if (before === undefined || before.place === "editing") return null;
    return { title: "You can edit now", text: "There is a place for you.", how: "shown" };
  }
  const words = describePlace(now, false).text;
  const told = before !== undefined && before.place !== "editing" && describePlace(before, false).text === words;
  return told ? null : { title: words, text: "", how: "spoken" };
}

function aboutAsking(before: Attendance | undefined, now: Attendance): News | null {
  const known = new Set(before?.asking.map(({ id }) => id));
  if (now.asking.every(({ id }) => known.has(id))) return null;
  return { title: describeAsking(now.asking), text: "", how: "spoken" };
}

const MODES = {
  open: { title: "Everybody may edit again", text: "Whoever viewed because of the crowd gets a place by themselves." },
  crowded: { title: "Many people are here now", text: "You keep your place. Newcomers view, and can ask to edit." },
  moderated: { title: "The owner says who edits now", text: "You are one of those who may." },
} as const;

const MODERATED_BY_ME = { title: "You say who edits now", text: "Everybody else views, and can ask you." };

function aboutMode(before: Attendance | undefined, now: Attendance, owner: boolean): News | null {
  if (before === undefined || before.mode === now.mode || now.place !== "editing") return null;
  const words = owner && now.mode === "moderated" ? MODERATED_BY_ME : MODES[now.mode];
  return { ...words, how: "shown" };
}
