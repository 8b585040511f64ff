import { asUtf8 } from "./rows.js";
import { type Sealed, sealed, unsealed } from "./sealed-row.js";
import type { AuditEntry, AuditRecord, Permission } from "./store.js";

export interface PermissionRow extends Permission {
  readonly [column: string]: string;
}

/** The id is given by the database, and outside of the checksum. */
export interface AuditRow {
  readonly [column: string]: string | number | null;
  readonly time: number;
  readonly user: string;
  readonly document: string | null;
  readonly action: string;
  readonly details: string;
}

export function toPermissionRow({ document, user, role }: Permission): Sealed<PermissionRow> {
  return sealed<PermissionRow>({ document, user: asUtf8(user), role: asUtf8(role) });
}

/** @throws StoreError `damaged` */
export function toPermission(row: Sealed<PermissionRow>): Permission {
  const { document, user, role } = unsealed(row, `the role of ${row.user} in document ${row.document}`);
  return { document, user, role };
}

export function toAuditRow({ time, user, document, action, details }: AuditEntry): Sealed<AuditRow> {
  const about = document === undefined ? null : asUtf8(document);
  return sealed<AuditRow>({
    time,
    user: asUtf8(user),
    document: about,
    action: asUtf8(action),
    details: JSON.stringify(details),
  });
}

/** @throws StoreError `damaged` */
export function toAuditRecord({ id, ...row }: Sealed<AuditRow> & { readonly id: number }): AuditRecord {
  const { time, user, document, action, details } = unsealed<AuditRow>(row as Sealed<AuditRow>, `audit record ${id}`);
  const about = document === null ? undefined : { document };
  return { id, time, user, ...about, action, details: JSON.parse(details) as AuditRecord["details"] };
}
