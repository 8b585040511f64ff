import type { ErrorData } from "@tutti/protocol";
import type { Status } from "./types.js";

/** What the status words depend on. */
export interface Situation {
  /** "connecting": the first attempt has neither succeeded nor failed yet; "resting": closed because nothing happened. */
  readonly connection: "connecting" | "connected" | "offline" | "resting";
  /** The document is open on the connection and up to date. */
  readonly live: boolean;
  /** Why the server takes nothing more from here; undefined while all is well. */
  readonly refusal: ErrorData | undefined;
  /** The server's last word was that it cannot store. */
  readonly storageFails: boolean;
  /** Local edits that the server has not acknowledged. */
  readonly backlog: number;
}

/** Above so many unsaved edits it is no longer "Saving…". */
const LARGE_BACKLOG = 100;

/** The words that a person reads (C8); the first rule that fits wins. */
export function statusOf(situation: Situation): Status {
  const { connection, live, refusal, storageFails, backlog } = situation;
  if (refusal?.code === "forbidden") return "Read-only mode";
  if (refusal !== undefined && backlog > 0) return "Conflict";
  if (connection === "offline" || refusal !== undefined) return "Working offline";
  if (storageFails) return "Changes may not be saved";
  if (connection === "resting" && backlog === 0) return "Saved";
  if (!live || backlog > LARGE_BACKLOG) return "Syncing…";
  return backlog > 0 ? "Saving…" : "Saved";
}
