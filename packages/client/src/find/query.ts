import { type Clock, TuttiError } from "@tutti/protocol";

/** How `find` and `replaceAll` read their query (C15). */
export interface FindOptions {
  /** Left out: "a" finds "A" as well. */
  readonly matchCase?: boolean;
  /** Only what has no letter, digit or "_" beside it. */
  readonly wholeWord?: boolean;
  /** The query is a regular expression of JavaScript (flags "u" and "m"); it is held against one line at a time. */
  readonly regex?: boolean;
  /** By it a search is given up after two seconds; left out: that of the system. */
  readonly clock?: Clock;
}

/** What is replaced of what a query finds. */
export interface ReplaceOptions extends FindOptions {
  /** Only the place that begins at this index, if there is one; left out: all of them. */
  readonly at?: number;
}

/** A query that can be held against text. */
export interface Query {
  /** Finds code points, never half of a surrogate pair. */
  readonly pattern: RegExp;
  readonly wholeWord: boolean;
  /** Against one line at a time; otherwise also over the ends of lines. */
  readonly linewise: boolean;
}

const LONGEST_QUERY = 10_000;

/**
 * @throws TuttiError `invalid_request` when it is empty or too long, no regular expression, or one that may take for ever
 */
export function parseQuery(text: string, options: FindOptions): Query {
  if (text === "" || text.length > LONGEST_QUERY) throw refused(`expected 1 to ${LONGEST_QUERY} units`);
  const linewise = options.regex === true;
  if (linewise && repeatsRepetition(text)) throw refused("a repetition of a repetition may take for ever");
  const source = linewise ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  try {
    const pattern = new RegExp(source, options.matchCase === true ? "gmu" : "gimu");
    return { pattern, wholeWord: options.wholeWord === true, linewise };
  } catch (error) {
    throw refused(error instanceof Error ? error.message : "no regular expression");
  }
}

export const refused = (reason: string): TuttiError => new TuttiError("invalid_request", `query: ${reason}`);

/** One step through a regular expression: an escape, a class of characters, a bracket, a repetition, anything else. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|[*+]|\{\d+(?:,\d*)?\}|./gsu;

/**
 * Whether a group that repeats something, or has alternatives, is repeated itself, as in "(a+)+" or "(a|a)*": for some
 * texts such an expression takes time exponential in their length, and nothing can interrupt it.
 */
function repeatsRepetition(source: string): boolean {
  const open: boolean[] = [];
  let ambiguous = false;
  let closed: boolean | undefined;
  for (const [token] of source.matchAll(TOKEN)) {
    const group = closed;
    closed = undefined;
    if (token.startsWith("(")) {
      open.push(ambiguous);
      ambiguous = false;
    } else if (token === ")") {
      closed = ambiguous;
      ambiguous = (open.pop() ?? false) || ambiguous;
    } else if (isRepetition(token)) {
      if (group === true) return true;
      ambiguous = true;
    } else if (token === "|") {
      ambiguous = true;
    }
  }
  return false;
}

/** Something that may match many times; "?" and "{3}" match at most once more than is written. */
const isRepetition = (token: string): boolean => token === "*" || token === "+" || /^\{\d+,\d*\}$/.test(token);
