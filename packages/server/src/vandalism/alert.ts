import type { Alert as AlertMessage, User } from "@tutti/protocol";
import type { AuditEntry, AuditRecord } from "../storage/store.js";

/** How somebody dealt with an alert. */
export interface Settlement {
  readonly how: "restored" | "dismissed";
  /** The id of the person. */
  readonly by: string;
  readonly time: number;
  /** Of what was brought back; undefined where nothing was, or nothing was missing any more. */
  readonly version?: number | undefined;
}

/** Something happened that somebody should look at (L4). The first version of it names it. */
export interface Alert {
  readonly version: number;
  readonly kind: AlertMessage["kind"];
  /** Who did it. */
  readonly user: User;
  readonly time: number;
  /** Of a mass deletion: how many units are gone, and how many there were. */
  readonly removed?: number | undefined;
  readonly length?: number | undefined;
  /** Of what the content check flagged: why. */
  readonly reason?: string | undefined;
  /**
   * The client that brings the text back, should somebody want it: the id that makes a second restoration a repetition of
   * the first (S2). Nobody may guess it, or they could take its only sequence away.
   */
  readonly restorer: string;
  readonly settled?: Settlement | undefined;
}

export const RAISED = "alert.raised";
export const SETTLED = "alert.settled";

/** As clients are told. */
export function messageOf(document: string, alert: Alert): AlertMessage & { readonly type: "alert" } {
  const { version, kind, user, removed, length, reason, settled } = alert;
  return {
    type: "alert",
    document,
    version,
    kind,
    user,
    ...(removed === undefined ? undefined : { removed }),
    ...(length === undefined ? undefined : { length }),
    ...(reason === undefined ? undefined : { reason }),
    ...(settled === undefined ? undefined : { settled: true }),
  };
}

/** As it is kept; `alertOf` reads it. */
export function raisedEntry(document: string, alert: Alert): AuditEntry {
  const { version, kind, user, time, removed, length, reason, restorer } = alert;
  const details = { version, kind, name: user.name, restorer };
  const numbers = { removed: removed ?? null, length: length ?? null, reason: reason ?? null };
  return { time, user: user.id, document, action: RAISED, details: { ...details, ...numbers } };
}

/** As it is kept; `settlementOf` reads it. */
export function settledEntry(document: string, alert: Alert, settlement: Settlement): AuditEntry {
  const { how, by, time, version = null } = settlement;
  return { time, user: by, document, action: SETTLED, details: { version: alert.version, how, restored: version } };
}

/** undefined for a record that a later release wrote and this one does not understand. */
export function alertOf({ user, time, details }: AuditRecord): Alert | undefined {
  const { version, kind, name, restorer, removed, length, reason } = details;
  if (kind !== "mass_deletion" && kind !== "flagged") return undefined;
  if (typeof version !== "number" || typeof name !== "string" || typeof restorer !== "string") return undefined;
  return {
    version,
    kind,
    user: { id: user, name },
    time,
    restorer,
    removed: typeof removed === "number" ? removed : undefined,
    length: typeof length === "number" ? length : undefined,
    reason: typeof reason === "string" ? reason : undefined,
  };
}

/** Which alert it settles, and how; undefined as above. */
export function settlementOf({
  user,
  time,
  details,
}: AuditRecord): { readonly version: number; readonly settlement: Settlement } | undefined {
  const { version, how, restored } = details;
  if (typeof version !== "number" || (how !== "restored" && how !== "dismissed")) return undefined;
  const settled = typeof restored === "number" ? restored : undefined;
  return { version, settlement: { how, by: user, time, version: settled } };
}
