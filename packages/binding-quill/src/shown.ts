import { type Attributes, type Embed, isInsert, type JsonValue, type Operation, OperationBuilder } from "@tutti/ot";
import { PLACEHOLDER } from "./embed-blot.js";

/**
 * What Quill can show of a document. Quill drops formats that it does not know, changes values that it does not like,
 * breaks at objects that it does not know, and lets one of several shapes of a line win. Nothing of this may reach the
 * document: so Quill is given only what it gives back unchanged, and the document keeps the rest.
 */

/** What is asked of the registry of a Quill: the format of that name, if it is of that scope. */
export interface Formats {
  query(name: string, scope: number): object | null;
}

/** Parchment's names for what formats letters and objects, and for what formats lines. */
export interface Scopes {
  readonly INLINE: number;
  readonly BLOCK: number;
}

/** Formats that shape a whole line; a line has one at most. The first one wins where the document has several. */
export const SHAPES = ["code-block", "header", "list", "blockquote", "table"] as const;

/** Makes a value what Quill would make of it; undefined for one that it cannot show. */
type Canonical = (value: JsonValue) => JsonValue | undefined;

const yes: Canonical = (value) => (value === true ? true : undefined);
const oneOf =
  (...known: readonly JsonValue[]): Canonical =>
  (value) =>
    known.includes(value) ? value : undefined;

const CANONICAL: Readonly<Record<string, Canonical>> = {
  bold: yes,
  italic: yes,
  underline: yes,
  strike: yes,
  code: yes,
  script: oneOf("sub", "super"),
  link: (value) =>
    typeof value === "string" && /^(?:https?|mailto|tel|sms):[^\s\p{Cc}]+$/iu.test(value) ? value : undefined,
  color: colour,
  background: colour,
  blockquote: yes,
  header: oneOf(1, 2, 3, 4, 5, 6),
  list: oneOf("bullet", "ordered", "checked", "unchecked"),
  // A colour of the syntax module: derived from the text, never part of a document.
  "code-token": () => undefined,
};

/** The language of code that says none. */
export const PLAIN_CODE = "plain";

/** Formats of an image, which Quill keeps as attributes of the element. */
const IMAGE_FORMATS = ["alt", "width", "height"];

export class Shown {
  readonly #registry: Formats;
  readonly #scopes: Scopes;
  readonly #embeds: ReadonlySet<string>;
  #namesLanguage: boolean | undefined;

  /** @param embeds further kinds of inline objects that the page's Quill gives back as they were given */
  constructor(registry: Formats, scopes: Scopes, embeds: readonly string[] = []) {
    this.#registry = registry;
    this.#scopes = scopes;
    this.#embeds = new Set(embeds.filter((kind) => registry.query(kind, scopes.INLINE) !== null));
  }

  /** @param lines inserts that end with a "\n"; the result has the same length */
  of(lines: Operation): Operation {
    const out = new OperationBuilder();
    let line: { readonly content: string | Embed; readonly attributes: Attributes }[] = [];
    for (const part of lines) {
      if (!isInsert(part)) continue;
      const attributes = part.attributes ?? {};
      const texts = typeof part.insert === "string" ? part.insert.split("\n") : [part.insert];
      texts.forEach((content, index) => {
        if (index > 0) {
          const shape = this.#line(attributes);
          const inCode = "code-block" in shape;
          for (const run of line) this.#run(out, run.content, run.attributes, inCode);
          out.insert("\n", shape);
          line = [];
        }
        if (content !== "") line.push({ content, attributes });
      });
    }
    return out.build();
  }

  #run(out: OperationBuilder, content: string | Embed, attributes: Attributes, inCode: boolean): void {
    const formats = inCode ? {} : this.#formats(attributes, this.#scopes.INLINE);
    if (typeof content === "string") out.insert(content, formats);
    else if (inCode || !this.#isKnown(content)) out.insert({ [PLACEHOLDER]: content }, formats);
    else out.insert(content, "image" in content ? { ...formats, ...imageFormats(attributes) } : formats);
  }

  #line(attributes: Attributes): Attributes {
    const formats = this.#formats(attributes, this.#scopes.BLOCK);
    const shape = SHAPES.find((name) => name in formats);
    return Object.fromEntries(
      Object.entries(formats).filter(([name]) => name === shape || !SHAPES.some((other) => other === name)),
    );
  }

  #formats(attributes: Attributes, scope: number): Attributes {
    return Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) => {
        const shown = this.#value(name, value, scope);
        return shown === undefined ? [] : [[name, shown] as const];
      }),
    );
  }

  #value(name: string, value: JsonValue, scope: number): JsonValue | undefined {
    const format = this.#registry.query(name, scope);
    if (format === null) return undefined;
    if (name === "code-block") return this.#code(format, value);
    const canonical = CANONICAL[name];
    if (canonical !== undefined) return canonical(value);
    const { whitelist } = format as { readonly whitelist?: readonly unknown[] };
    if (Array.isArray(whitelist)) return whitelist.includes(value) ? value : undefined;
    const isPlain = value === true || typeof value === "string" || typeof value === "number";
    return isPlain && value !== "" ? value : undefined;
  }

  /** As this Quill says it of its code: the language, or just that it is code. */
  #code(format: object, value: JsonValue): JsonValue | undefined {
    if (value !== true && (typeof value !== "string" || value === "")) return undefined;
    this.#namesLanguage ??= namesLanguage(format);
    if (!this.#namesLanguage) return true;
    return value === true ? PLAIN_CODE : value;
  }

  #isKnown(embed: Embed): boolean {
    const [kind] = Object.keys(embed);
    if (kind === undefined) return false;
    if (kind !== "image") return this.#embeds.has(kind);
    const address = embed["image"];
    return (
      typeof address === "string" &&
      isImageAddress(address) &&
      this.#registry.query("image", this.#scopes.INLINE) !== null
    );
  }
}

/** Whether code blocks say which language they hold: those of Quill's syntax module do. */
function namesLanguage(format: object): boolean {
  const { create } = format as { create?: (language: string) => HTMLElement };
  return create?.call(format, PLAIN_CODE).dataset["language"] === PLAIN_CODE;
}

const isImageAddress = (address: string): boolean =>
  /^(?:https?:\/\/|data:image\/(?:png|jpe?g|gif|webp|avif);base64,)[^\s\p{Cc}]+$/iu.test(address);

function imageFormats(attributes: Attributes): Attributes {
  return Object.fromEntries(
    IMAGE_FORMATS.flatMap((name) => {
      const value = attributes[name];
      return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
    }),
  );
}

/** A colour as the browser gives it back: lower-case, six digits. */
function colour(value: JsonValue): JsonValue | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join("")}`;
  return /^(?:#[0-9a-f]{6}|[a-z]{3,30})$/.test(text) && text !== "inherit" ? text : undefined;
}
