import type { Person } from "../world/person.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";

/** What others did is written down when there is time for it: within so many milliseconds, and what the device takes. */
const QUIET = 1000;
/** The longest time that a document may take to open from a device, besides what the device takes, in milliseconds. */
const OPENING = 200;
/** Calls of a device, one after the other, that an opening may need. */
const CALLS = 20;

/**
 * Everybody is gone, the server is down, and on each device somebody opens everything again: all that was seen there
 * must be there, as it was (C3). Afterwards the server is back.
 */
export async function comeHome(world: World): Promise<readonly Violation[]> {
  const call = 2 * (world.plan.offline?.latency[1] ?? 0);
  await world.clock.advance(QUIET + 4 * call);
  world.trace.add("", "everybody goes, the server too");
  for (const person of world.people.filter(({ alive }) => alive)) person.die();
  world.crashServer();
  const returned = world.devices
    .filter(({ storage }) => (storage?.journals.length ?? 0) > 0)
    .map((device) => world.join(`${device.name}+home`, device));
  await world.clock.advance(OPENING + CALLS * call);
  const found = returned.flatMap((person) => notAtHome(world, person));
  world.keepServerUp();
  return found;
}

function notAtHome({ versions }: World, { name, documents }: Person): readonly Violation[] {
  return documents.flatMap(({ id, handle, ready }) => {
    const found = (message: string): readonly Violation[] => [{ promise: "offline", message: `${name}: ${message}` }];
    if (!ready) return found(`${id} is not there without a network`);
    if (versions.checksum(id, handle.version) !== handle.checksum) return found(`${id} v${handle.version} is another`);
    if (handle.version === versions.newest(id)) return [];
    return found(`${id} is v${handle.version}, and v${versions.newest(id)} was seen here`);
  });
}
