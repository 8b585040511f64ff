import type { Database, Statement } from "better-sqlite3";
import {
  type AuditRow,
  type PermissionRow,
  toAuditRecord,
  toAuditRow,
  toPermission,
  toPermissionRow,
} from "./access-rows.js";
import { asUtf8 } from "./rows.js";
import type { Sealed } from "./sealed-row.js";
import { rowLimit, type SqliteDocuments } from "./sqlite-documents.js";
import type { AuditEntry, AuditQuery, AuditRecord, Permission } from "./store.js";

/** Permissions and audit records: the calls of `AccessStore`. */
export class SqliteAccess {
  readonly #documents: SqliteDocuments;
  readonly #sql: Statements;
  readonly #audit: (entries: readonly AuditEntry[]) => void;

  constructor(connection: Database, documents: SqliteDocuments) {
    this.#documents = documents;
    this.#sql = prepare(connection);
    this.#audit = connection.transaction((entries: readonly AuditEntry[]) => {
      for (const entry of entries) this.#sql.addAudit.run(toAuditRow(entry));
    }).immediate;
  }

  setRole(document: string, user: string, role: string | undefined): void {
    this.#documents.existing(document);
    if (role === undefined) this.#sql.deleteRole.run(document, asUtf8(user));
    else this.#sql.saveRole.run(toPermissionRow({ document, user, role }));
  }

  role(document: string, user: string): string | undefined {
    const row = this.#sql.role.get(document, asUtf8(user));
    return row && toPermission(row).role;
  }

  permissionsOf(document: string): readonly Permission[] {
    return this.#sql.ofDocument.all(document).map(toPermission);
  }

  permissionsFor(user: string, after: string | undefined, limit: number): readonly Permission[] {
    return this.#sql.ofUser.all(asUtf8(user), after ?? "", rowLimit(limit)).map(toPermission);
  }

  audit(entries: readonly AuditEntry[]): void {
    this.#audit(entries);
  }

  auditRecords(query: AuditQuery, limit: number): readonly AuditRecord[] {
    return this.#sql.auditRecords
      .all({
        document: query.document ?? null,
        user: query.user ?? null,
        from: query.from ?? null,
        until: query.until ?? null,
        before: query.before ?? null,
        limit: rowLimit(limit),
      })
      .map(toAuditRecord);
  }
}

interface Statements {
  readonly saveRole: Statement<[object]>;
  readonly deleteRole: Statement<[string, string]>;
  readonly role: Statement<[string, string], Sealed<PermissionRow>>;
  readonly ofDocument: Statement<[string], Sealed<PermissionRow>>;
  readonly ofUser: Statement<[string, string, number], Sealed<PermissionRow>>;
  readonly addAudit: Statement<[object]>;
  readonly auditRecords: Statement<[object], Sealed<AuditRow> & { readonly id: number }>;
}

function prepare(connection: Database): Statements {
  return {
    saveRole: connection.prepare(`
      INSERT INTO permissions (document, user, role, row_checksum) VALUES (@document, @user, @role, @row_checksum)
      ON CONFLICT (document, user) DO UPDATE SET role = excluded.role, row_checksum = excluded.row_checksum`),
    deleteRole: connection.prepare("DELETE FROM permissions WHERE document = ? AND user = ?"),
    role: connection.prepare("SELECT * FROM permissions WHERE document = ? AND user = ?"),
    ofDocument: connection.prepare("SELECT * FROM permissions WHERE document = ? ORDER BY user"),
    ofUser: connection.prepare(`
      SELECT * FROM permissions WHERE user = ? AND document > ? ORDER BY document LIMIT ?`),
    addAudit: connection.prepare(`
      INSERT INTO audit (time, user, document, action, details, row_checksum)
      VALUES (@time, @user, @document, @action, @details, @row_checksum)`),
    auditRecords: connection.prepare(`
      SELECT * FROM audit WHERE (@document IS NULL OR document = @document) AND (@user IS NULL OR user = @user)
        AND (@from IS NULL OR time >= @from) AND (@until IS NULL OR time < @until)
        AND (@before IS NULL OR id < @before)
      ORDER BY id DESC LIMIT @limit`),
  };
}
