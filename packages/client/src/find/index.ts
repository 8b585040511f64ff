/**
 * @tutti/client/find: what stands where in a document, and something else in its place (C15).
 *
 *     const places = find(doc, "colour", { wholeWord: true });
 *     const count = replaceAll(doc, "colour", "color");
 */
export { find } from "./find.js";
export type { Found } from "./matches.js";
export type { FindOptions, ReplaceOptions } from "./query.js";
export { replaceAll } from "./replace-all.js";
