import type { AccessStore, AuditRecord } from "../storage/store.js";
import {
  type Alert,
  alertOf,
  RAISED,
  raisedEntry,
  SETTLED,
  type Settlement,
  settledEntry,
  settlementOf,
} from "./alert.js";

/** Alerts of one document that are remembered; of more, those go first that are settled, then flags, then the oldest. */
const MOST_ALERTS = 100;
/** Audit records read at once, and how often at most: a busy document has many others. */
const PAGE = 500;
const PAGES = 20;

/**
 * The alerts of one document, as its audit records have them (A4): so they outlive the process. What is raised counts at
 * once, whether or not the store has it already.
 */
export class AlertBook {
  readonly #store: Pick<AccessStore, "audit" | "auditRecords">;
  readonly #document: string;
  /** By version. */
  readonly #alerts = new Map<number, Alert>();
  #reading: Promise<void> | undefined;

  constructor(store: Pick<AccessStore, "audit" | "auditRecords">, document: string) {
    this.#store = store;
    this.#document = document;
  }

  /**
   * Reads what was raised before this process knew of the document; concurrent callers share one reading, and one that
   * failed is tried again by the next.
   * @param from of this time or later
   * @throws StoreError
   */
  async read(from: number): Promise<void> {
    this.#reading ??= this.#readAll(from);
    try {
      await this.#reading;
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }

  get(version: number): Alert | undefined {
    return this.#alerts.get(version);
  }

  /** The newest first. @param from of this time or later */
  since(from: number): readonly Alert[] {
    return [...this.#alerts.values()].filter(({ time }) => time >= from).sort((a, b) => b.version - a.version);
  }

  /** Enters an alert, and resolves when the store has it. @throws StoreError: it counts all the same */
  async raise(alert: Alert): Promise<void> {
    this.#enter(alert);
    await this.#store.audit([raisedEntry(this.#document, alert)]);
  }

  /** Settles an alert, once the store has that. @throws StoreError: it is as it was before */
  async settle(alert: Alert, settlement: Settlement): Promise<Alert> {
    await this.#store.audit([settledEntry(this.#document, alert, settlement)]);
    const settled = { ...alert, settled: settlement };
    this.#alerts.set(alert.version, settled);
    return settled;
  }

  async #readAll(from: number): Promise<void> {
    const records: AuditRecord[] = [];
    for (let page = 0; page < PAGES; page += 1) {
      const before = records.at(-1)?.id;
      const found = await this.#store.auditRecords({ document: this.#document, from, before }, PAGE);
      records.push(...found);
      if (found.length < PAGE) break;
    }
    for (const record of records.reverse()) this.#recall(record);
  }

  /** What this process knows already is newer than what it reads. */
  #recall(record: AuditRecord): void {
    if (record.action === RAISED) {
      const alert = alertOf(record);
      if (alert !== undefined && !this.#isNewer(alert)) this.#enter(alert);
    } else if (record.action === SETTLED) {
      const found = settlementOf(record);
      const alert = found === undefined ? undefined : this.#alerts.get(found.version);
      if (found !== undefined && alert !== undefined) {
        this.#alerts.set(alert.version, { ...alert, settled: found.settlement });
      }
    }
  }

  #isNewer({ version, time }: Alert): boolean {
    const known = this.#alerts.get(version);
    return known !== undefined && known.time > time;
  }

  #enter(alert: Alert): void {
    this.#alerts.set(alert.version, alert);
    if (this.#alerts.size <= MOST_ALERTS) return;
    const [least] = [...this.#alerts.values()].sort((a, b) => weightOf(a) - weightOf(b) || a.version - b.version);
    if (least !== undefined) this.#alerts.delete(least.version);
  }
}

/** Whoever is flagged every minute must not make their deletion go away. */
const weightOf = ({ settled, kind }: Alert): number => (settled !== undefined ? 0 : kind === "flagged" ? 1 : 2);
