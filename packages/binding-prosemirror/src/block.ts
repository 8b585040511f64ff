import type { Attributes, JsonValue } from "@tutti/ot";

/** How a block is shown. Its attributes may hold more than that: see `blockShape`. */
export type BlockShape =
  | { readonly kind: "paragraph" }
  | { readonly kind: "heading"; readonly level: HeadingLevel }
  | { readonly kind: "list"; readonly list: ListKind }
  | { readonly kind: "quote" }
  | { readonly kind: "code" };

export type HeadingLevel = 1 | 2 | 3 | 4 | 5 | 6;
export type ListKind = "bullet" | "ordered" | "checked" | "unchecked";

export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** The attributes that decide the shape; a command that sets one of them clears the others. */
export const SHAPE_KEYS = ["header", "list", "blockquote", "code-block"] as const;

export const MAX_INDENT = 8;

const PARAGRAPH: BlockShape = { kind: "paragraph" };

/**
 * The shape that the attributes of a "\n" ask for (Quill's names). Anything that cannot be shown, such as `header: 9`
 * or `list: "foo"`, is a paragraph; the attributes themselves are never touched.
 */
export function blockShape(attributes: Attributes): BlockShape {
  if (isCode(attributes["code-block"])) return { kind: "code" };
  const level = headingLevel(attributes["header"]);
  if (level !== undefined) return { kind: "heading", level };
  const list = listKind(attributes["list"]);
  if (list !== undefined) return { kind: "list", list };
  return attributes["blockquote"] === true ? { kind: "quote" } : PARAGRAPH;
}

/** Depth of indentation, 0 to `MAX_INDENT`; 0 for values that cannot be shown. */
export function blockIndent(attributes: Attributes): number {
  const indent = attributes["indent"];
  return typeof indent === "number" && Number.isInteger(indent) && indent > 0 ? Math.min(indent, MAX_INDENT) : 0;
}

/** `attributes` with `change` laid over them; null removes a key. */
export function changeAttributes(attributes: Attributes, change: Attributes): Attributes {
  const entries = Object.entries({ ...attributes, ...change }).filter(([, value]) => value !== null);
  return entries.length === 0 ? NO_ATTRIBUTES : Object.fromEntries(entries);
}

/** `attributes` without what decides the shape; what this client does not know stays. */
export function withoutShape(attributes: Attributes): Attributes {
  return changeAttributes(attributes, Object.fromEntries(SHAPE_KEYS.map((key) => [key, null])));
}

// Quill writes `true`, or the name of the language.
function isCode(value: JsonValue | undefined): boolean {
  return value === true || (typeof value === "string" && value !== "");
}

function headingLevel(value: JsonValue | undefined): HeadingLevel | undefined {
  const levels: readonly HeadingLevel[] = [1, 2, 3, 4, 5, 6];
  return levels.find((level) => level === value);
}

function listKind(value: JsonValue | undefined): ListKind | undefined {
  const kinds: readonly ListKind[] = ["bullet", "ordered", "checked", "unchecked"];
  return kinds.find((kind) => kind === value);
}
