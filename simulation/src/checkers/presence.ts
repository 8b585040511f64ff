import type { OpenedDocument, Person } from "../world/person.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import { quiet } from "./quiet.js";

/** The longest time (ms) until somebody who died is not shown any more, and until everybody knows a cursor. */
const GHOSTS = 75_000;
const QUIET = 3000;

/**
 * After a quiet time everybody sees whoever edits where they are, and nobody who is gone (P2, P3); where presence is
 * switched off, everybody knows that (P1).
 */
export async function checkPresence(world: World): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const report = (message: string): void => {
    found.push({ promise: "presence", message });
  };
  if (world.plan.longQuiet) await world.clock.advance(GHOSTS);
  const living = world.people.filter(({ alive }) => alive);
  for (const [index, { documents }] of living.entries()) {
    for (const { handle } of documents) handle.presence.setCursor(cursorOf(index, handle.length));
  }
  await quiet(world, QUIET);
  for (const { id } of world.plan.documents) {
    const here = living.flatMap((person, index) =>
      person.documents.filter((opened) => opened.id === id).map((opened) => ({ person, opened, index })),
    );
    for (const { person, opened } of here) compare(world, person, opened, here, report);
  }
  return found;
}

interface Tab {
  readonly person: Person;
  readonly opened: OpenedDocument;
  readonly index: number;
}

/** Another one for everybody, as far as there is text. */
function cursorOf(index: number, length: number): { readonly anchor: number; readonly head: number } {
  return { anchor: Math.min(index, length), head: Math.min(2 * index, length) };
}

function compare(
  world: World,
  person: Person,
  { id, handle }: OpenedDocument,
  tabs: readonly Tab[],
  report: (message: string) => void,
): void {
  const { available, others } = handle.presence;
  const enabled = world.plan.presence.enabled !== false;
  if (available !== enabled) report(`${person.name} is told that presence of ${id} is ${available}`);
  if (!enabled) return;
  const clients = new Map(tabs.map((tab) => [tab.person.witness.about(id).client, tab]));
  for (const { client, user } of others) {
    if (world.plan.longQuiet && !clients.has(client))
      report(`${person.name} sees ${user.id} (${client}) in ${id}, who is gone`);
  }
  for (const [client, tab] of clients) {
    if (tab.person === person || tab.opened.handle.attendance?.place !== "editing") continue;
    const shown = others.find((other) => other.client === client)?.cursor;
    const cursor = cursorOf(tab.index, handle.length);
    if (shown?.anchor === cursor.anchor && shown.head === cursor.head) continue;
    report(
      `${person.name} sees ${tab.person.name} in ${id} at ${JSON.stringify(shown)}, not ${JSON.stringify(cursor)}`,
    );
  }
}
