import type { Mark } from "../world/ledger.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import type { ReplayedLog } from "./log.js";

/** What can be said of an edit besides what the ledger knows. */
interface Circumstances {
  /** No death of a tab can have taken that edit away. */
  sure(author: string, edit: number): boolean;
  /** What this person deleted may come back: see `returningOf`. */
  mayReturn(name: string): boolean;
  /** Somebody has brought this character back: `checkRestorations` knows more of it. */
  restored(character: string): boolean;
  readonly undo: boolean;
}

/**
 * No edit that was acknowledged, or that a device holds, is lost, and none is doubled: every unique character that
 * nobody deleted is in the text exactly once; what somebody deleted is not there; what `saved` resolved for was on the
 * disk at that moment.
 */
export function checkEdits(world: World, log: ReplayedLog): readonly Violation[] {
  const found: Violation[] = [];
  const circumstances = circumstancesOf(world, log);
  const uncertain = uncertainAuthors(world);
  const counts = countCharacters(log.content.text());
  for (const [character, mark] of world.ledger.marks) {
    if (mark.document !== log.document || uncertain.has(mark.author)) continue;
    const inLog = { count: counts.get(character) ?? 0, insertedAt: log.insertedAt.get(character) };
    const problem = problemOf(character, mark, inLog, circumstances);
    if (problem === undefined) continue;
    const name = `U+${character.codePointAt(0)?.toString(16)} of ${mark.author}`;
    found.push({ promise: "edits", message: `${name} in ${log.document} ${problem}` });
  }
  return found;
}

function circumstancesOf(world: World, { document, restored }: ReplayedLog): Circumstances {
  const living = new Set(world.people.filter(({ alive }) => alive).map(({ name }) => name));
  const returning = returningOf(world, document);
  return {
    sure: (author, edit) => living.has(author) || world.ledger.holds(author, document, edit),
    mayReturn: (name) => returning.has(name),
    restored: (character) => world.plan.vandals > 0 && restored.has(character),
    undo: world.plan.undo,
  };
}

/**
 * Whose journal could not be deleted, or who had to choose between two texts after an engine was wrong: what they have
 * may be sent twice, or never, and the person was asked.
 */
function uncertainAuthors({ devices, people }: World): ReadonlySet<string> {
  const asked = people.filter(({ asked }) => asked).map(({ device }) => device);
  const uncertain = devices.filter((device) => device.storage?.haunted === true || asked.includes(device));
  return new Set(uncertain.flatMap(({ tabs }) => tabs));
}

/**
 * Text that was on its way when its tab died may stand elsewhere at the server than on the device, and is not known
 * again then: what was deleted of it meanwhile comes back, to be deleted once more. Nothing of the text is lost. The
 * same happens where an engine was wrong, and what it made of the text was repaired.
 */
function returningOf({ devices, people, wrongTransforms }: World, document: string): ReadonlySet<string> {
  if (wrongTransforms.made > 0) return new Set(people.map(({ name }) => name));
  const told = people.filter(({ witness }) => witness.toldOtherwise.has(document)).map(({ device }) => device);
  return new Set(devices.filter((device) => told.includes(device)).flatMap(({ tabs }) => tabs));
}

function problemOf(
  character: string,
  mark: Mark,
  { count, insertedAt }: { readonly count: number; readonly insertedAt: number | undefined },
  { sure, mayReturn, restored, undo }: Circumstances,
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
  const deletedBy = [...mark.deletedBy].find(([name, edit]) => sure(name, edit) && !mayReturn(name));
  if (deletedBy !== undefined && count > 0 && !restored(character))
    return `was deleted by ${deletedBy[0]}, and is there`;
  const mustBeThere = mark.deletedBy.size === 0 && (mark.savedAt !== undefined || sure(mark.author, mark.edit));
  return mustBeThere && count === 0 ? "is lost" : undefined;
}

function countCharacters(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}
