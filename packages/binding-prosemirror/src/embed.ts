import type { Attributes, Embed } from "@tutti/ot";
import type { DOMOutputSpec, Node } from "prosemirror-model";
import { NO_ATTRIBUTES } from "./block.js";
import { safeImageSource } from "./link.js";

/** A line across the page. */
export const DIVIDER: Embed = Object.freeze({ divider: true });

/** Attributes that an object keeps on itself (Quill's names); all others are marks, as on text. */
export const IMAGE_FORMATS = ["alt", "width", "height"] as const;

/** The object that an atom of the editor stands for. */
export const embedOf = (node: Node): Embed => node.attrs["embed"] as Embed;

/** What the object keeps on itself. */
export const formatsOf = (node: Node): Attributes => node.attrs["formats"] as Attributes;

/** The attributes of an object as those that it keeps on itself, and the rest. */
export function splitFormats(attributes: Attributes | undefined): {
  formats: Attributes;
  rest: Attributes | undefined;
} {
  const entries = Object.entries(attributes ?? {});
  const isOwn = ([name]: readonly [string, unknown]): boolean => IMAGE_FORMATS.some((own) => own === name);
  const formats = entries.filter(isOwn);
  if (formats.length === 0) return { formats: NO_ATTRIBUTES, rest: attributes };
  const rest = entries.filter((entry) => !isOwn(entry));
  return { formats: Object.fromEntries(formats), rest: rest.length === 0 ? undefined : Object.fromEntries(rest) };
}

/** Images that may be loaded, and dividers, as what they are; anything else as a chip. */
export function drawEmbed(node: Node): DOMOutputSpec {
  const embed = embedOf(node);
  const data = { "data-tutti-embed": JSON.stringify(embed), ...formatsData(formatsOf(node)) };
  const address = typeof embed["image"] === "string" ? safeImageSource(embed["image"]) : undefined;
  if (address !== undefined) return ["img", { ...data, ...imageAttributes(formatsOf(node)), src: address }];
  if (embed["divider"] === true) return ["span", { ...data, class: "tutti-divider", role: "separator" }];
  return ["span", { ...data, class: "tutti-embed" }, `[${Object.keys(embed).join(", ")}]`];
}

function formatsData(formats: Attributes): Record<string, string> {
  return formats === NO_ATTRIBUTES ? {} : { "data-tutti-formats": JSON.stringify(formats) };
}

/** Sizes in pixels or per cent; anything else would be a way to write styles. */
function imageAttributes({ alt, width, height }: Attributes): Record<string, string> {
  const attributes: Record<string, string> = { class: "tutti-image", alt: typeof alt === "string" ? alt : "" };
  if (isSize(width)) attributes["width"] = String(width);
  if (isSize(height)) attributes["height"] = String(height);
  return attributes;
}

const isSize = (value: unknown): boolean =>
  (typeof value === "number" && value > 0) || (typeof value === "string" && /^\d{1,5}%?$/.test(value));
