import type { OpenedDocument } from "../world/person.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";

/** When all is well and quiet, everybody is told "Saved", or what else there is to know (C8). */
export function checkStatus(world: World): readonly Violation[] {
  return world.people
    .filter(({ alive }) => alive)
    .flatMap(({ name, documents }) =>
      documents
        .filter(({ handle }) => !isAtRest(handle))
        .map(({ id, handle }) => ({ promise: "status", message: `${name} reads "${handle.status}" at ${id}` })),
    );
}

/** Nothing of theirs is unsaved, and they are told so in words that fit their place. */
export function isAtRest({ status, unsaved, attendance, presence }: OpenedDocument["handle"]): boolean {
  if (status === "Saved") return presence.available;
  if (status === "Presence unavailable") return !presence.available;
  return status === "Read-only mode" && unsaved === 0 && attendance !== undefined && attendance.place !== "editing";
}
