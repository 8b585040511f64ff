import type { ErrorData } from "@tutti/protocol";
import { LARGE_BACKLOG } from "./document/outgoing.js";
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
  /** The degradation level that the server speaks of (S8). */
  readonly level: number;
  /** Local edits that the server has not acknowledged. */
  readonly backlog: number;
  /** What is typed should survive the end of the tab, and does not (C3). */
  readonly storeFails: boolean;
}

const NO_PRESENCE = 2;
const READ_ONLY = 3;
const NOTHING_LOADS = 5;

/** The words that a person reads (C8); the first rule that fits wins. */
export function statusOf(situation: Situation): Status {
  const { connection, live, refusal, storageFails, level, backlog, storeFails } = situation;
  if (refusal?.code === "forbidden") return "Read-only mode";
  if (refusal !== undefined && backlog > 0) return "Conflict";
  if (connection === "offline" && storeFails && backlog > 0) return "Changes may not be saved";
  if (connection === "offline" || refusal !== undefined) return "Working offline";
  const readOnly = level === READ_ONLY || level === NOTHING_LOADS;
  if (storageFails || (readOnly && backlog > 0)) return "Changes may not be saved";
  if (readOnly) return "Read-only mode";
  if (connection === "resting" && backlog === 0) return "Saved";
  if (!live || backlog > LARGE_BACKLOG) return "Syncing…";
  if (backlog > 0) return "Saving…";
  return level === NO_PRESENCE ? "Presence unavailable" : "Saved";
}
