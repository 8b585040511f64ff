import { Document } from "@tutti/ot";
import { systemClock } from "../environment.js";
import type { DocumentHandle, EditOptions } from "../types.js";
import { findAll, matchAt } from "./matches.js";
import { parseQuery, type ReplaceOptions } from "./query.js";
import { replacementsOf } from "./replacements.js";

/**
 * Replaces all places of a query, or the one `at` an index, in one edit and one undo step (C15). With `regex`, `$1`, `$&`,
 * `$<name>` and `$$` stand for what was found.
 *
 * @returns how many there were
 * @throws as `find` and `DocumentHandle.edit`; TuttiError `operation_too_large` for more than 200,000; nothing is changed then
 */
export function replaceAll(
  document: DocumentHandle,
  query: string,
  replacement: string,
  options: ReplaceOptions & EditOptions = {},
): number {
  const { clock = systemClock, regex = false, undo = "separate", source, selection } = options;
  const content = document.content();
  const found = findAll(content, parseQuery(query, options), clock);
  const matches = options.at === undefined ? found : matchAt(found, options.at);
  const { operation, count } = replacementsOf(Document.fromOperation(content), matches, replacement, regex);
  document.edit(operation, { undo, source, selection });
  return count;
}
