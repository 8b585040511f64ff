import type { ErrorCode } from "@tutti/protocol";
import type { ApiErrorCode } from "../api-error.js";

const SENTENCES: Partial<Record<ApiErrorCode | ErrorCode, string>> = {
  unreachable: "The server can't be reached. Check your connection; it may also be restarting.",
  unauthenticated: "Your session has ended. Please sign in again.",
  forbidden: "You don't have permission to do that here.",
  not_found: "This document doesn't exist, or no longer does.",
  document_too_large: "The document has reached its greatest size, so nothing more can be added.",
  operation_too_large: "That was too much at once. Paste it in smaller parts.",
  storage_unavailable: "The server can't save at the moment. It keeps trying, and so do we.",
  overloaded: "The server has too much to do at the moment. We will try again.",
  shutting_down: "The server is restarting. We will connect again by ourselves.",
  replaced: "This document was opened again in another place with the same connection.",
  internal: "Something went wrong on the server. It has been logged there.",
};

/** What went wrong, in words for the person; the message for developers where there are no better ones. */
export function describeError(reason: unknown): string {
  const code = codeOf(reason);
  const sentence = code === null ? undefined : SENTENCES[code as ErrorCode];
  return sentence ?? messageOf(reason);
}

/** The stable code of an error; null when it has none. */
export function codeOf(reason: unknown): string | null {
  if (typeof reason !== "object" || reason === null || !("code" in reason)) return null;
  return typeof reason.code === "string" ? reason.code : null;
}

function messageOf(reason: unknown): string {
  if (typeof reason === "object" && reason !== null && "message" in reason) return String(reason.message);
  return String(reason);
}
