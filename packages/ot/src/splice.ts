import type { Attributes } from "./attributes.js";
import type { Component, Operation } from "./operation.js";
import { loneSurrogateAt } from "./unicode.js";

/** The ordinary edit: at one place, remove so many units and put text there. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly text: string;
  readonly attributes: Attributes | undefined;
}

/**
 * Reads `[retain?, insert?, delete?]` with text and a retain that formats nothing; undefined for any other operation,
 * for whatever is malformed and for text with a lone surrogate. Quicker than `normalForm`, for a keystroke.
 * Attributes are as they came: whoever uses them compares them with attributes in normal form.
 */
export function readSplice(operation: Operation): Splice | undefined {
  if (!Array.isArray(operation) || operation.length > 3) return undefined;
  const parts: readonly Component[] = operation;
  let next = 0;
  const at = soleLength(parts[next], "retain");
  if (at > 0) next += 1;
  const part = parts[next];
  const text = soleText(part);
  if (text !== "") next += 1;
  const removed = soleLength(parts[next], "delete");
  if (removed > 0) next += 1;
  if (next !== parts.length || next === 0) return undefined;
  return { at, removed, text, attributes: text === "" ? undefined : (part as { attributes?: Attributes }).attributes };
}

/** The length of a plain retain or of a delete; 0 for anything else. */
function soleLength(part: Component | undefined, kind: "retain" | "delete"): number {
  if (typeof part !== "object" || part === null || !(kind in part) || "insert" in part) return 0;
  if ((kind === "retain" ? "delete" : "retain") in part) return 0;
  const { attributes, [kind]: length } = part as { attributes?: Attributes; retain?: number; delete?: number };
  if (kind === "retain" && attributes !== undefined) return 0;
  return length !== undefined && Number.isSafeInteger(length) && length > 0 ? length : 0;
}

/** The text of an insert; "" for anything else and for text that may not be inserted. */
function soleText(part: Component | undefined): string {
  if (typeof part !== "object" || part === null || !("insert" in part)) return "";
  if ("retain" in part || "delete" in part || typeof part.insert !== "string") return "";
  return loneSurrogateAt(part.insert) < 0 ? part.insert : "";
}
