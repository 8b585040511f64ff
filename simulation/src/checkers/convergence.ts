import { Document, equalOperations } from "@tutti/ot";
import { readSnapshot } from "@tutti/server";
import type { Person } from "../world/person.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import type { ReplayedLog } from "./log.js";

/**
 * Everybody has the same content and checksum as the replayed log: all clients, the changes that each client told, the
 * server, and the newest snapshot.
 */
export async function checkConvergence(world: World, log: ReplayedLog): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const compare = (who: string, content: Document, version: number): void => {
    const same = content.checksum === log.content.checksum && equalOperations(content.toDelta(), log.content.toDelta());
    if (same && version === log.version) return;
    const message = `${who} has v${version} of ${log.document}, the log v${log.version}: ${difference(content, log.content)}`;
    found.push({ promise: "convergence", message });
  };
  for (const person of world.people.filter(({ alive }) => alive)) compareWith(person, log.document, compare);
  const atServer = await world.server?.server.documents.contentAt(log.document, undefined);
  if (atServer !== undefined) compare("the server", atServer.content, atServer.version);
  const snapshot = world.disk.snapshot(log.document, log.version);
  if (snapshot?.version === log.version) {
    const store = { chunks: async (id: string, names: readonly string[]) => world.disk.chunks(id, names) };
    compare("the snapshot", await readSnapshot(store, log.document, snapshot), log.version);
  }
  return found;
}

function compareWith(
  person: Person,
  document: string,
  compare: (who: string, content: Document, version: number) => void,
): void {
  for (const { id, handle, told } of person.documents) {
    if (id !== document) continue;
    compare(person.name, Document.fromOperation(handle.content()), handle.version);
    compare(`what the events told ${person.name}`, told, handle.version);
  }
}

function difference(a: Document, b: Document): string {
  const [left, right] = [a.text(), b.text()];
  let index = 0;
  while (index < left.length && left[index] === right[index]) index += 1;
  if (index === left.length && index === right.length) return "the text is the same, the formats are not";
  return `they differ at ${index}: ${JSON.stringify(left.slice(index, index + 20))}, ${JSON.stringify(right.slice(index, index + 20))}`;
}
