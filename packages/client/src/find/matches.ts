import { isInsert, type Operation } from "@tutti/ot";
import type { Clock } from "@tutti/protocol";
import { type Query, refused } from "./query.js";

/** A place in a document, in UTF-16 units from 0. */
export interface Found {
  readonly index: number;
  readonly length: number;
}

/** What was found, and what a regular expression caught in its groups. */
export interface Match extends Found {
  readonly match: RegExpExecArray;
}

/** Text between two embeds, or between two ends of lines. */
interface Stretch {
  readonly text: string;
  readonly start: number;
}

/** More is not looked for. */
export const MOST_MATCHES = 200_000;
/** Milliseconds after which a search is given up. */
const LONGEST_SEARCH = 2000;
const WORD_BEFORE = /[\p{L}\p{N}\p{M}_]$/u;
const WORD_BEHIND = /^[\p{L}\p{N}\p{M}_]/u;

/**
 * What a query finds in a content, from left to right; nothing overlaps, nothing is empty, no surrogate pair is cut. An embed is never
 * part of it: it ends the text as the end of the document does. O(n) for plain queries.
 *
 * @throws TuttiError `invalid_request` when it takes too long
 */
export function* findAll(content: Operation, query: Query, clock: Clock): Generator<Match, void, undefined> {
  const deadline = clock.now() + LONGEST_SEARCH;
  const checkTime = (): void => {
    if (clock.now() > deadline) throw refused("takes too long");
  };
  for (const stretch of stretchesOf(content, query.linewise)) {
    checkTime();
    for (const found of matchesIn(stretch, query)) {
      checkTime();
      yield found;
    }
  }
}

/** The one of these that begins at an index; none where there is none. */
export function* matchAt(matches: Iterable<Match>, index: number): Generator<Match, void, undefined> {
  for (const match of matches) {
    if (match.index === index) yield match;
    if (match.index >= index) return;
  }
}

function* matchesIn({ text, start }: Stretch, { pattern, wholeWord }: Query): Generator<Match, void, undefined> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match;
    const accepted = found !== "" && (!wholeWord || standsAlone(text, match.index, found.length));
    if (accepted) yield { index: start + match.index, length: found.length, match };
    // Nobody else uses this pattern while the search goes on.
    else pattern.lastIndex = match.index + (codePointLength(text, match.index) || 1);
  }
}

function standsAlone(text: string, index: number, length: number): boolean {
  const end = index + length;
  return !WORD_BEFORE.test(text.slice(Math.max(0, index - 2), index)) && !WORD_BEHIND.test(text.slice(end, end + 2));
}

const codePointLength = (text: string, index: number): number => ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);

function* stretchesOf(content: Operation, linewise: boolean): Generator<Stretch, void, undefined> {
  let pieces: string[] = [];
  let start = 0;
  let position = 0;
  for (const { insert } of content.filter(isInsert)) {
    if (typeof insert === "string") {
      pieces.push(insert);
      position += insert.length;
      continue;
    }
    yield* cut({ text: pieces.join(""), start }, linewise);
    pieces = [];
    position += 1;
    start = position;
  }
  yield* cut({ text: pieces.join(""), start }, linewise);
}

function* cut(stretch: Stretch, linewise: boolean): Generator<Stretch, void, undefined> {
  if (!linewise) {
    yield stretch;
    return;
  }
  let from = 0;
  for (let end = stretch.text.indexOf("\n"); end >= 0; end = stretch.text.indexOf("\n", from)) {
    yield { text: stretch.text.slice(from, end), start: stretch.start + from };
    from = end + 1;
  }
  yield { text: stretch.text.slice(from), start: stretch.start + from };
}
