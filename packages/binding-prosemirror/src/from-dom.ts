import type { Attributes, JsonValue } from "@tutti/ot";
import { changeAttributes, MAX_INDENT, NO_ATTRIBUTES } from "./block.js";
import { IMAGE_FORMATS, splitFormats } from "./embed.js";
import { safeImageSource } from "./link.js";

const BLOCK_ELEMENTS = "p, h1, h2, h3, h4, h5, h6, li, ul, ol, blockquote, pre, div, table";

/** Longest description of a pasted image. */
const LONGEST_FORMAT = 1_000;

/**
 * What a pasted (or typed-over) element means as a block: the schema's rule for block elements.
 * @returns false for an element that only wraps other blocks: ProseMirror then looks inside
 */
export function blockAttributesFromDom(dom: HTMLElement): { attributes: Attributes } | false {
  const own = jsonObjectFromDom(dom, "data-tutti-block");
  if (own !== undefined) return { attributes: own };
  if (dom.matches("div, li, blockquote") && startsWithBlock(dom)) return false;
  return { attributes: shapeFromDom(dom) };
}

/** The JSON object in a `data-` attribute of ours; undefined when there is none, or it is something else. */
export function jsonObjectFromDom(dom: HTMLElement, name: string): Attributes | undefined {
  const json = dom.getAttribute(name);
  if (json === null) return undefined;
  try {
    const value: JsonValue = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An object that was drawn by us, or by Quill's binding; false for anything else. */
export function embedFromDom(dom: HTMLElement) {
  const embed = jsonObjectFromDom(dom, "data-tutti-embed");
  if (embed === undefined || Object.keys(embed).length !== 1) return false;
  return { embed, formats: splitFormats(jsonObjectFromDom(dom, "data-tutti-formats")).formats };
}

/** A pasted image, if it may be loaded from where it is; false for any other. */
export function imageFromDom(dom: HTMLElement) {
  const source = safeImageSource(dom.getAttribute("src") ?? "");
  if (source === undefined) return false;
  const formats = IMAGE_FORMATS.flatMap((name) => {
    const value = dom.getAttribute(name);
    return value === null || value === "" || value.length > LONGEST_FORMAT ? [] : [[name, value] as const];
  });
  return { embed: { image: source }, formats: formats.length === 0 ? NO_ATTRIBUTES : Object.fromEntries(formats) };
}

/** An item may go on with a list after its own text; then it is a block itself. */
function startsWithBlock(dom: HTMLElement): boolean {
  for (const child of dom.childNodes) {
    if (child instanceof HTMLElement) return child.matches(BLOCK_ELEMENTS);
    if (child.nodeType === child.TEXT_NODE && child.textContent?.trim() !== "") return false;
  }
  return false;
}

function shapeFromDom(dom: HTMLElement): Attributes {
  const heading = /^H([1-6])$/.exec(dom.tagName)?.[1];
  if (heading !== undefined) return { header: Number(heading) };
  if (dom.closest("pre") !== null) return { "code-block": true };
  const item = dom.closest("li");
  if (item !== null) return listFromDom(item);
  return dom.closest("blockquote") === null ? NO_ATTRIBUTES : { blockquote: true };
}

function listFromDom(item: HTMLElement): Attributes {
  const indent = Math.min(depthOf(item), MAX_INDENT);
  const list = item.parentElement?.tagName === "OL" ? "ordered" : "bullet";
  return changeAttributes({ list }, { indent: indent === 0 ? null : indent });
}

function depthOf(item: HTMLElement): number {
  const outer = item.parentElement?.closest("li") ?? null;
  return outer === null ? 0 : 1 + depthOf(outer);
}

function isObject(value: JsonValue): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
