import {
  type AuditRow,
  type PermissionRow,
  toAuditRecord,
  toAuditRow,
  toPermission,
  toPermissionRow,
} from "./access-rows.js";
import { Columns } from "./postgres-columns.js";
import type { Connections } from "./postgres-connections.js";
import { type DocumentTable, existing, rowLimit, unknownDocument } from "./postgres-documents.js";
import type { Value } from "./postgres-values.js";
import { asUtf8 } from "./rows.js";
import type { Sealed } from "./sealed-row.js";
import type { AuditEntry, AuditQuery, AuditRecord, Permission } from "./store.js";

const PERMISSION = new Columns<Sealed<PermissionRow>>("document", "user", "role", "row_checksum");
const AUDIT = new Columns<Sealed<AuditRow>>("time", "user", "document", "action", "details", "row_checksum");

const SAVE_ROLE = `
  WITH document AS (${existing("$1")})
  INSERT INTO permissions (${PERMISSION.list}) SELECT ${PERMISSION.parameters} FROM document
  ON CONFLICT (document, "user") DO UPDATE SET ${PERMISSION.excluded}`;
const DELETE_ROLE = `DELETE FROM permissions WHERE document = $1 AND "user" = $2`;
const ROLE = `SELECT ${PERMISSION.list} FROM permissions WHERE document = $1 AND "user" = $2`;
const OF_DOCUMENT = `SELECT ${PERMISSION.list} FROM permissions WHERE document = $1 ORDER BY "user"`;
const OF_USER = `
  SELECT ${PERMISSION.list} FROM permissions WHERE "user" = $1 AND document > $2 ORDER BY document LIMIT $3`;
const ADD_AUDIT = `INSERT INTO audit (${AUDIT.list}) VALUES (${AUDIT.parameters})`;

/** Permissions and audit records. */
export class AccessTable {
  readonly #connections: Connections;
  readonly #documents: DocumentTable;

  constructor(connections: Connections, documents: DocumentTable) {
    this.#connections = connections;
    this.#documents = documents;
  }

  async setRole(document: string, user: string, role: string | undefined): Promise<void> {
    const row = toPermissionRow({ document, user, role: role ?? "" });
    if (role === undefined) {
      if ((await this.#documents.find(document)) === undefined) throw unknownDocument(document);
      await this.#connections.run(DELETE_ROLE, [document, row.user]);
    } else if ((await this.#connections.run(SAVE_ROLE, PERMISSION.values(row))) === 0) {
      throw unknownDocument(document);
    }
  }

  async role(document: string, user: string): Promise<string | undefined> {
    const [row] = await this.#connections.query<Sealed<PermissionRow>>(ROLE, [document, asUtf8(user)]);
    return row && toPermission(row).role;
  }

  async permissionsOf(document: string): Promise<readonly Permission[]> {
    return (await this.#connections.query<Sealed<PermissionRow>>(OF_DOCUMENT, [document])).map(toPermission);
  }

  async permissionsFor(user: string, after: string | undefined, limit: number): Promise<readonly Permission[]> {
    const values = [asUtf8(user), after ?? "", rowLimit(limit)];
    return (await this.#connections.query<Sealed<PermissionRow>>(OF_USER, values)).map(toPermission);
  }

  /** One after the other, so that ids are in their order. */
  async audit(entries: readonly AuditEntry[]): Promise<void> {
    await this.#connections.transaction(async (session) => {
      for (const entry of entries) await session.run(ADD_AUDIT, AUDIT.values(toAuditRow(entry)));
    });
  }

  async auditRecords(query: AuditQuery, limit: number): Promise<readonly AuditRecord[]> {
    const { text, values } = auditQuery(query, limit);
    type Row = Sealed<AuditRow> & { readonly id: number };
    return (await this.#connections.query<Row>(text, values)).map(toAuditRecord);
  }
}

/** Only the conditions that were asked for: the plan of a statement does not depend on its values. */
function auditQuery(query: AuditQuery, limit: number): { readonly text: string; readonly values: readonly Value[] } {
  const conditions: readonly (readonly [string, Value | undefined])[] = [
    ["document =", query.document],
    [`"user" =`, query.user],
    ["time >=", query.from],
    ["time <", query.until],
    ["id <", query.before],
  ];
  const asked = conditions.flatMap(([left, value]) => (value === undefined ? [] : [{ left, value }]));
  const where = asked.map(({ left }, index) => `${left} $${index + 2}`);
  return {
    text: `SELECT id, ${AUDIT.list} FROM audit WHERE ${["true", ...where].join(" AND ")} ORDER BY id DESC LIMIT $1`,
    values: [rowLimit(limit), ...asked.map(({ value }) => value)],
  };
}
