import { componentLength, diff, isDelete, isInsert, isRetain, type Operation } from "@tutti/ot";
import type { Place } from "../find/find-target.js";

/**
 * Where `content` has something that `other` has not: text of its own, or another format. Both are contents as Deltas
 * of inserts.
 */
export function differencesIn(content: Operation, other: Operation): readonly Place[] {
  const places: Place[] = [];
  let index = 0;
  for (const part of diff(other, content)) {
    if (isDelete(part)) continue;
    const length = componentLength(part);
    if (isInsert(part) || (isRetain(part) && part.attributes !== undefined)) places.push({ index, length });
    index += length;
  }
  return places;
}
