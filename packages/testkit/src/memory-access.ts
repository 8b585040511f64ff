import type { AuditEntry, AuditQuery, AuditRecord, Permission } from "@tutti/server";
import { asUtf8, atMost, compareUtf8 } from "./memory-rows.js";

/** Permissions and audit records of all documents. */
export class MemoryAccess {
  #permissions: readonly Permission[] = [];
  #audit: readonly AuditRecord[] = [];

  copy(): MemoryAccess {
    const copy = new MemoryAccess();
    copy.#permissions = this.#permissions;
    copy.#audit = this.#audit;
    return copy;
  }

  setRole(document: string, user: string, role: string | undefined): void {
    const others = this.#permissions.filter((each) => each.document !== document || each.user !== asUtf8(user));
    const changed = role === undefined ? [] : [{ document, user: asUtf8(user), role: asUtf8(role) }];
    this.#permissions = [...others, ...changed];
  }

  role(document: string, user: string): string | undefined {
    return this.#permissions.find((each) => each.document === document && each.user === asUtf8(user))?.role;
  }

  ofDocument(document: string): readonly Permission[] {
    const found = this.#permissions.filter((each) => each.document === document);
    return found.map((each) => ({ ...each })).sort((a, b) => compareUtf8(a.user, b.user));
  }

  ofUser(user: string, after: string | undefined, limit: number): readonly Permission[] {
    const found = this.#permissions.filter(
      (each) => each.user === asUtf8(user) && compareUtf8(each.document, after ?? "") > 0,
    );
    const sorted = found.map((each) => ({ ...each })).sort((a, b) => compareUtf8(a.document, b.document));
    return sorted.slice(0, atMost(limit));
  }

  forget(document: string): void {
    this.#permissions = this.#permissions.filter((each) => each.document !== document);
  }

  audit(entries: readonly AuditEntry[]): void {
    const first = this.#audit.length + 1;
    this.#audit = [...this.#audit, ...entries.map((entry, index) => ({ ...entry, id: first + index }))];
  }

  auditRecords(query: AuditQuery, limit: number): readonly AuditRecord[] {
    const found = this.#audit.filter(
      ({ id, document, user, time }) =>
        (query.document === undefined || document === query.document) &&
        (query.user === undefined || user === query.user) &&
        (query.from === undefined || time >= query.from) &&
        (query.until === undefined || time < query.until) &&
        (query.before === undefined || id < query.before),
    );
    return structuredClone(found.toReversed().slice(0, atMost(limit)));
  }
}
