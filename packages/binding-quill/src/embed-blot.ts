import type { Embed } from "@tutti/ot";
import type Quill from "quill";
import type { Parchment } from "quill";

/** The format under which Quill holds an object that it cannot show. */
export const PLACEHOLDER = "tutti-embed";

type EmbedClass = typeof Parchment.EmbedBlot;

/**
 * Teaches a Quill to hold objects that it does not know: a chip with the name of their kind, which can be moved,
 * copied and deleted like a letter. Also within code, where Quill drops every object of its own.
 */
export function registerPlaceholder(quill: Quill): void {
  const { registry } = quill.options;
  if (registry.query(PLACEHOLDER) !== null) return;
  const Placeholder = placeholderOf(quill);
  registry.register(Placeholder);
  const code = registry.query("code-block") as { allowedChildren?: unknown[] } | null;
  if (Array.isArray(code?.allowedChildren)) code.allowedChildren = [...code.allowedChildren, Placeholder];
}

/** The class, made from the Quill that is there: a page may hold more than one. */
function placeholderOf(quill: Quill): EmbedClass {
  const page = quill.root.ownerDocument;
  const Base = (quill.constructor as typeof Quill).import("blots/embed") as EmbedClass;
  return class Placeholder extends Base {
    static override blotName = PLACEHOLDER;
    static override tagName = "SPAN";
    static override className = PLACEHOLDER;

    static override create(value?: unknown): Element {
      const element = page.createElement("span");
      element.className = PLACEHOLDER;
      const embed = isEmbed(value) ? value : { unknown: true };
      const kind = Object.keys(embed)[0] ?? "";
      element.dataset["tuttiEmbed"] = JSON.stringify(embed);
      element.dataset["kind"] = kind;
      element.textContent = `[${kind}]`;
      return element;
    }

    static override value(element: HTMLElement): Embed {
      return embedFromElement(element) ?? { unknown: true };
    }
  } as unknown as EmbedClass;
}

/** Pasted HTML may claim anything. */
function embedFromElement(element: HTMLElement): Embed | undefined {
  try {
    const value: unknown = JSON.parse(element.dataset["tuttiEmbed"] ?? "");
    return isEmbed(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEmbed(value: unknown): value is Embed {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 1;
}
