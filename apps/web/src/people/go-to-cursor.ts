import type { DocumentHandle } from "@tutti/client";
import type { TextView } from "../editor/text-view.js";
import type { Face } from "./gather-faces.js";

/** Scrolls to where somebody is now; nothing happens where they have left, or the text is not there yet. */
export function goToCursor({ presence }: DocumentHandle, { id }: Face, text: TextView | null): void {
  const cursor = presence.people.find(({ user }) => user.id === id)?.cursor;
  if (cursor != null) text?.scrollTo(cursor.head);
}
