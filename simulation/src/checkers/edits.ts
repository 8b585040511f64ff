import type { Mark } from "../world/ledger.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import type { ReplayedLog } from "./log.js";

/**
 * No acknowledged edit is lost and none is doubled: every unique character that nobody deleted is in the text exactly
 * once; what somebody deleted is not there; what `saved` resolved for was on the disk at that moment.
 */
export function checkEdits(world: World, log: ReplayedLog): readonly Violation[] {
  const found: Violation[] = [];
  const dead = new Set(world.people.filter(({ alive }) => !alive).map(({ name }) => name));
  const counts = countCharacters(log.content.text());
  for (const [character, mark] of world.ledger.marks) {
    if (mark.document !== log.document) continue;
    const problem = problemOf(mark, counts.get(character) ?? 0, log.insertedAt.get(character), dead, world.plan.undo);
    if (problem === undefined) continue;
    const name = `U+${character.codePointAt(0)?.toString(16)} of ${mark.author}`;
    found.push({ promise: "edits", message: `${name} in ${log.document} ${problem}` });
  }
  return found;
}

function problemOf(
  mark: Mark,
  count: number,
  insertedAt: number | undefined,
  dead: ReadonlySet<string>,
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
  const livingDeleted = [...mark.deletedBy].some((name) => !dead.has(name));
  if (livingDeleted && count > 0) return "was deleted, and is there";
  const mustBeThere = mark.deletedBy.size === 0 && (mark.savedAt !== undefined || !dead.has(mark.author));
  return mustBeThere && count === 0 ? "is lost" : undefined;
}

function countCharacters(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}
