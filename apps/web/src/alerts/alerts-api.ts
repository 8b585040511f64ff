import { callApi } from "../api.js";
import type { Session } from "../session/session.js";

/** Brings back what somebody deleted; what others wrote since stays. @throws ApiError */
export async function restoreDeleted(session: Session, document: string, version: number): Promise<void> {
  await settle(session, document, version, "restore");
}

/** Nobody needs to look at it any more. @throws ApiError */
export async function dismissAlert(session: Session, document: string, version: number): Promise<void> {
  await settle(session, document, version, "dismiss");
}

async function settle(session: Session, document: string, version: number, how: "restore" | "dismiss"): Promise<void> {
  await callApi("POST", `/v1/documents/${encodeURIComponent(document)}/alerts/${version}/${how}`, { session });
}
