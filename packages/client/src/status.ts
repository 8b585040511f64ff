import type { ErrorData } from "@tutti/protocol";
import { LARGE_BACKLOG } from "./document/outgoing.js";
import type { Status } from "./types.js";

/** What the status words depend on. */
export interface Situation {
  /** There is a conflict: the person has to choose (C12). */
  readonly conflict: boolean;
  /** The role allows changes of the text (A2). */
  readonly mayEdit: boolean;
  /** Others edit now: what is pending waits for a place (S11). */
  readonly viewing: boolean;
  /** Why the document can't be had any more; undefined while it can. */
  readonly refusal: ErrorData | undefined;
  /** "connecting": the first attempt has neither succeeded nor failed yet; "resting": closed because nothing happened. */
  readonly connection: "connecting" | "connected" | "offline" | "resting";
  /** The document is open on the connection and up to date. */
  readonly live: boolean;
  /** The server's last word was that it cannot store. */
  readonly storageFails: boolean;
  /** The degradation level that the server speaks of (S8). */
  readonly level: number;
  /** Local edits that the server has not acknowledged. */
  readonly backlog: number;
  /** There is an offline store, and what is typed does not survive the end of the tab (C3). */
  readonly storeFails: boolean;
  /** The server can tell who else is here (P1). */
  readonly presence: boolean;
}

const NO_PRESENCE = 2;
const READ_ONLY = 3;
const NOTHING_LOADS = 5;

/** The words that a person reads (C8); the first rule that fits wins. docs/status.md explains each to them. */
export function statusOf(situation: Situation): Status {
  if (situation.conflict) return "Conflict";
  const { mayEdit, viewing, refusal, connection, live, storageFails, level, backlog, storeFails } = situation;
  if (refusal !== undefined || (!mayEdit && connection !== "offline")) return "Read-only mode";
  if (connection === "offline" && storeFails && backlog > 0) return "Changes may not be saved";
  if (connection === "offline") return "Working offline";
  const readOnly = viewing || level === READ_ONLY || level === NOTHING_LOADS;
  if (storageFails || (readOnly && backlog > 0)) return "Changes may not be saved";
  if (readOnly) return "Read-only mode";
  if (connection === "resting" && backlog === 0) return "Saved";
  if (!live || backlog > LARGE_BACKLOG) return "Syncing…";
  if (backlog > 0) return "Saving…";
  return level === NO_PRESENCE || !situation.presence ? "Presence unavailable" : "Saved";
}
