import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";

/** When all is well and quiet, everybody is told "Saved" (C8). */
export function checkStatus(world: World): readonly Violation[] {
  return world.people
    .filter(({ alive }) => alive)
    .flatMap(({ name, documents }) =>
      documents
        .filter(({ handle }) => handle.status !== "Saved")
        .map(({ id, handle }) => ({ promise: "status", message: `${name} reads "${handle.status}" at ${id}` })),
    );
}
