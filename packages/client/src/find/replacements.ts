import { type Attributes, type Document, equalJson, type Operation, OperationBuilder } from "@tutti/ot";
import { TuttiError } from "@tutti/protocol";
import { type Match, MOST_MATCHES } from "./matches.js";

/** All replacements as one operation, and how many there are. */
export interface Replacements {
  readonly operation: Operation;
  readonly count: number;
}

/**
 * The operation that replaces everything found (C15). What the old and the new text have in common at their ends stays,
 * where the whole match is formatted alike, so that it merges with what others do there; what is inserted gets the
 * attributes of the first unit that it replaces.
 *
 * @param template with `expand`, `$&`, `$1`, `$<name>` and `$$` stand for what was caught, as in `String.replace`
 * @throws TuttiError `operation_too_large` when there is more than one operation may replace
 */
export function replacementsOf(
  document: Document,
  matches: Iterable<Match>,
  template: string,
  expand: boolean,
): Replacements {
  const out = new OperationBuilder();
  let reached = 0;
  let count = 0;
  for (const { index, length, match } of matches) {
    count += 1;
    if (count > MOST_MATCHES) throw new TuttiError("operation_too_large", `more than ${MOST_MATCHES} matches`);
    const before = match[0];
    const after = expand ? expanded(template, match) : template;
    const { attributes, uniform } = formatOf(document, index, length);
    const [start, end] = uniform ? commonEnds(before, after) : [0, 0];
    out.retain(index - reached + start);
    out.insert(after.slice(start, after.length - end), attributes);
    out.delete(length - start - end);
    reached = index + length - end;
  }
  return { operation: out.build(), count };
}

function formatOf(document: Document, index: number, length: number) {
  let first: Attributes | undefined;
  let position = index;
  for (const run of document.runs(index, index + length)) {
    if (position === index) first = run.attributes;
    else if (!equalJson(run.attributes, first)) return { attributes: first, uniform: false };
    // What was found is text: an embed is never part of it.
    position += typeof run.content === "string" ? run.content.length : 1;
  }
  return { attributes: first, uniform: true };
}

/** How many units both have in common at the start, and behind that at the end; no surrogate pair is cut. */
function commonEnds(a: string, b: string): readonly [number, number] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  if (isHighSurrogate(a.charCodeAt(start - 1))) start -= 1;
  let end = 0;
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1;
  if (isLowSurrogate(a.charCodeAt(a.length - end))) end -= 1;
  return [start, end];
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function expanded(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|&|(\d{1,2})|<(\w+)>)/g, (whole, number?: string, name?: string) => {
    if (whole === "$$") return "$";
    if (whole === "$&") return match[0];
    if (name !== undefined) return match.groups?.[name] ?? "";
    const group = Number(number);
    return group >= 1 && group < match.length ? (match[group] ?? "") : whole;
  });
}
