import { componentLength, diff, isDelete, isInsert, isRetain, type Operation } from "@tutti/ot";
import type { Place } from "../find/find-target.js";

/**
 * Where `content` has something that `other` has not: text of its own, or another format. Whole words, because people
 * read words. Both are contents as Deltas of inserts.
 */
export function differencesIn(content: Operation, other: Operation): readonly Place[] {
  const text = textOf(content);
  const places: Place[] = [];
  let index = 0;
  for (const part of diff(other, content)) {
    if (isDelete(part)) continue;
    const length = componentLength(part);
    if (isInsert(part) || (isRetain(part) && part.attributes !== undefined)) {
      addPlace(places, wordsAround(text, index, index + length));
    }
    index += length;
  }
  return places;
}

/** The text of a content; an embed is U+FFFC. */
export function textOf(content: Operation): string {
  const inserts = content.filter(isInsert);
  return inserts.map(({ insert }) => (typeof insert === "string" ? insert : "\uFFFC")).join("");
}

const isWord = (text: string, index: number): boolean => /[\p{L}\p{N}\p{M}_]/u.test(text.charAt(index));

function wordsAround(text: string, from: number, to: number): Place {
  let [start, end] = [from, to];
  while (start > 0 && isWord(text, start) && isWord(text, start - 1)) start -= 1;
  while (end < text.length && isWord(text, end - 1) && isWord(text, end)) end += 1;
  return { index: start, length: end - start };
}

/** Joins it to the one before, where they touch or only a space is between them. */
function addPlace(places: Place[], place: Place): void {
  const before = places.at(-1);
  if (before === undefined || place.index > before.index + before.length + 1) places.push(place);
  else {
    places[places.length - 1] = { index: before.index, length: place.index + place.length - before.index };
  }
}
