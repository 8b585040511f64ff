import { setSession } from "../session/session-store.js";
import { codeOf, describeError } from "./describe-error.js";
import { notify } from "./notice-store.js";

/** Tells the person what failed. */
export function reportError(title: string, reason: unknown): void {
  notify({ title, text: describeError(reason) });
}

/** The same for an HTTP call: when the session has ended they sign in again, and come back to the same page. */
export function reportFailedCall(title: string, reason: unknown): void {
  reportError(title, reason);
  if (codeOf(reason) === "unauthenticated") setSession(null);
}
