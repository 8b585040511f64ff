import type { DocumentError, DocumentHandle } from "@tutti/client";
import { notify } from "../notices/notice-store.js";
import { isViewing } from "./is-viewing.js";

/** How long (ms) a notice about a wish stays. */
const LASTS = 8000;

/** Whether an error answers a wish about who edits rather than an edit: the document itself is as it was. */
export function isAboutPlaces(document: DocumentHandle, { code }: DocumentError): boolean {
  if (code === "rate_limited") return isViewing(document);
  return code === "forbidden" && document.conflict === undefined && (document.writable || isViewing(document));
}

/** Tells the person that their wish came to nothing, and when it may. */
export function reportPlaces({ code, retryAfter }: DocumentError): void {
  const title = code === "rate_limited" ? "You can't ask again yet" : "That is not possible now";
  const text = code === "rate_limited" ? describeWait(retryAfter) : "Who edits here, or who decides it, has changed.";
  notify({ title, text, tone: "news", lasts: LASTS });
}

/** @param wait milliseconds */
function describeWait(wait = 60_000): string {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  if (seconds < 90) return `You can ask again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`;
  return `You can ask again in ${Math.ceil(seconds / 60)} minutes.`;
}
