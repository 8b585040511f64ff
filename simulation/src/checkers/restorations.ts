import { componentLength, isDelete, isInsert, type Operation } from "@tutti/ot";
import type { StoredOperation } from "@tutti/server";
import { isMark } from "../world/ledger.js";
import { VANDALISM } from "../world/vandals.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import type { ReplayedLog } from "./log.js";

/** What an alert says, as it was written down. */
interface Alert {
  readonly user: string;
  readonly first: number;
  /** What the person deleted after this time (ms) does not belong to it. */
  readonly until: number;
}

/** So many operations at most are committed while one is on its way. */
const LATEST = 10;

/** A unit of a document in which nothing that was deleted is taken out. */
interface Unit {
  readonly text: string;
  /** The person who deleted wrote it since. */
  readonly own: boolean;
  readonly gone: boolean;
  readonly missing: boolean;
}

/** Audit records of a run, at most. */
const RECORDS = 10_000;

/**
 * Whoever brings back what somebody deleted brings back exactly that, once, in its order (L4). Found out in the naive way:
 * the document as a list of characters that keeps what is deleted.
 */
export function checkRestorations(world: World, log: ReplayedLog): readonly Violation[] {
  // An undo brings back what it likes.
  if (world.plan.vandals === 0 || world.plan.undo) return [];
  const alerts = alertsOf(world, log.document);
  return log.operations.flatMap((stored) => {
    const alert = alerts.get(stored.client);
    if (alert === undefined) return [];
    const restored = marksOf(unitsOf(stored.operation));
    // What was deleted while the text was on its way back is a matter of its own.
    const known = Array.from({ length: LATEST }, (_, late) => stored.version - 1 - late);
    if (known.some((upTo) => missingBefore(log, stored.version, { ...alert, upTo }).join() === restored.join()))
      return [];
    const message = `${log.document} v${stored.version} brings back ${restored.length} characters, which are not what is missing`;
    return [{ promise: "restored", message }];
  });
}

/** By the client that brings back what is missing. */
function alertsOf(world: World, document: string): ReadonlyMap<string, Alert> {
  const records = world.disk.auditRecords({ document }, RECORDS).filter(({ action }) => action === "alert.raised");
  return new Map(
    records.map(({ user, time, details }) => [
      String(details["restorer"]),
      { user, first: Number(details["version"]), until: time + VANDALISM.window },
    ]),
  );
}

/** @param alert with the version that was the newest when the missing text was looked for */
function missingBefore(
  { operations }: ReplayedLog,
  version: number,
  alert: Alert & { readonly upTo: number },
): readonly string[] {
  let units: readonly Unit[] = [];
  for (const stored of operations.slice(0, version - 1)) {
    const counts = stored.version <= alert.upTo && stored.time <= alert.until;
    units = after(units, stored, alert, counts);
  }
  return marksOf(units.filter(({ missing }) => missing).map(({ text }) => text));
}

function after(
  units: readonly Unit[],
  stored: StoredOperation,
  { user, first }: Alert,
  counts: boolean,
): readonly Unit[] {
  const theirs = stored.version >= first && stored.user === user;
  const next: Unit[] = [];
  let at = 0;
  const step = (change: (unit: Unit) => Unit): void => {
    while (units[at]?.gone === true) next.push(units[at++] as Unit);
    const unit = units[at++];
    if (unit !== undefined) next.push(change(unit));
  };
  for (const part of stored.operation) {
    if (isInsert(part)) {
      for (const text of unitsOf([part])) next.push({ text, own: theirs, gone: false, missing: false });
    } else {
      const change = (unit: Unit): Unit =>
        isDelete(part) ? { ...unit, gone: true, missing: theirs && counts && !unit.own } : unit;
      for (let length = componentLength(part); length > 0; length -= 1) step(change);
    }
  }
  return [...next, ...units.slice(at)];
}

/** UTF-16 units; an embed is one. */
const unitsOf = (operation: Operation): readonly string[] =>
  operation.flatMap((part) => {
    if (!isInsert(part)) return [];
    return typeof part.insert === "string" ? part.insert.split("") : ["\uFFFC"];
  });

/** Unique characters, of their halves. */
const marksOf = (units: readonly string[]): readonly string[] => [...units.join("")].filter(isMark);
