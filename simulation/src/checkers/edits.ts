import type { Mark } from "../world/ledger.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import type { ReplayedLog } from "./log.js";

/**
 * No edit that was acknowledged, or that a device holds, is lost, and none is doubled: every unique character that
 * nobody deleted is in the text exactly once; what somebody deleted is not there; what `saved` resolved for was on the disk at that moment.
 */
export function checkEdits(world: World, log: ReplayedLog): readonly Violation[] {
  const found: Violation[] = [];
  const living = new Set(world.people.filter(({ alive }) => alive).map(({ name }) => name));
  /** Edits that no death of a tab can have taken away. */
  const sure = (author: string, edit: number): boolean =>
    living.has(author) || world.ledger.holds(author, log.document, edit);
  const haunted = world.devices.filter(({ storage }) => storage?.haunted === true);
  // What these have may be sent twice, or never: the person is asked.
  const uncertain = new Set(haunted.flatMap(({ tabs }) => tabs));
  const counts = countCharacters(log.content.text());
  for (const [character, mark] of world.ledger.marks) {
    if (mark.document !== log.document) continue;
    if (uncertain.has(mark.author)) continue;
    const inLog = { count: counts.get(character) ?? 0, insertedAt: log.insertedAt.get(character) };
    const problem = problemOf(mark, inLog, sure, world.plan.undo);
    if (problem === undefined) continue;
    const name = `U+${character.codePointAt(0)?.toString(16)} of ${mark.author}`;
    found.push({ promise: "edits", message: `${name} in ${log.document} ${problem}` });
  }
  return found;
}

function problemOf(
  mark: Mark,
  { count, insertedAt }: { readonly count: number; readonly insertedAt: number | undefined },
  sure: (author: string, edit: number) => boolean,
  undo: boolean,
): string | undefined {
  // What its author typed and deleted again before it was sent is never in the log, or later, when it was brought back.
  const saved = mark.deletedBy.has(mark.author) ? undefined : mark.savedAt;
  if (saved !== undefined && insertedAt === undefined) return "was acknowledged, and is not in the log";
  if (saved !== undefined && (insertedAt ?? 0) > saved) {
    return `was acknowledged when the disk was at v${saved}, and is v${insertedAt}`;
  }
  // Two people who take back their deletions of one character bring it back twice.
  if (undo && mark.deletedBy.size > 0) return undefined;
  if (count > 1) return `is there ${count} times`;
  const surelyDeleted = [...mark.deletedBy].some(([name, edit]) => sure(name, edit));
  if (surelyDeleted && count > 0) return "was deleted, and is there";
  const mustBeThere = mark.deletedBy.size === 0 && (mark.savedAt !== undefined || sure(mark.author, mark.edit));
  return mustBeThere && count === 0 ? "is lost" : undefined;
}

function countCharacters(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}
