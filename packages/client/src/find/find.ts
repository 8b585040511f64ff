import { systemClock } from "../environment.js";
import type { DocumentHandle } from "../types.js";
import { type Found, findAll, MOST_MATCHES } from "./matches.js";
import { type FindOptions, parseQuery } from "./query.js";

/**
 * All places of a query from left to right, at most 200,000; never part of an emoji or an embed (C15).
 *
 * @throws TuttiError `invalid_request` for a query that can't be looked for, or takes too long
 */
export function find(document: DocumentHandle, query: string, options: FindOptions = {}): readonly Found[] {
  const found: Found[] = [];
  const { clock = systemClock } = options;
  for (const { index, length } of findAll(document.content(), parseQuery(query, options), clock)) {
    found.push({ index, length });
    if (found.length === MOST_MATCHES) break;
  }
  return found;
}
