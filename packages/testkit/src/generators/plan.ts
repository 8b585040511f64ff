import {
  type Attributes,
  type Document,
  EMBED_CHARACTER,
  type Embed,
  isInsert,
  type Operation,
  OperationBuilder,
} from "@tutti/ot";

/**
 * One step of an operation, told without knowing the document: lengths are cut to what the document has. This is what
 * generators draw and shrink; `realise` makes a valid operation of it, whatever the document.
 */
export type Step =
  | { readonly kind: "retain"; readonly length: number; readonly attributes?: Attributes }
  | { readonly kind: "delete"; readonly length: number }
  | {
      readonly kind: "insert";
      readonly content: string | Embed;
      readonly attributes?: Attributes;
      readonly continues?: boolean;
    };
export type Plan = readonly Step[];

/** An operation in normal form that is valid for the document: within its length, no surrogate pair torn apart. */
export function realise(plan: Plan, document: Document): Operation {
  const text = document.text();
  const out = new OperationBuilder();
  let position = 0;
  for (const step of plan) {
    if (step.kind === "insert") {
      out.insert(step.content, step.attributes, step.continues);
      continue;
    }
    const end = wholeCharacters(text, Math.min(text.length, position + step.length));
    if (step.kind === "delete") out.delete(end - position);
    else out.retain(end - position, step.attributes);
    position = end;
  }
  return out.build();
}

/** The content that the inserts of a plan make. */
export function contentOf(plan: Plan): Operation {
  const out = new OperationBuilder();
  for (const step of plan) {
    if (step.kind === "insert") out.insert(step.content, step.attributes);
  }
  return out.build();
}

/** The index, or the next one when it lies inside a surrogate pair. */
export function wholeCharacters(text: string, index: number): number {
  const before = text.charCodeAt(index - 1);
  const behind = text.charCodeAt(index);
  const inside = before >= 0xd800 && before <= 0xdbff && behind >= 0xdc00 && behind <= 0xdfff;
  return inside ? index + 1 : index;
}

/** What an operation inserts, as text; embeds show as U+FFFC. */
export function insertedText(operation: Operation): string {
  return operation
    .filter(isInsert)
    .map((part) => (typeof part.insert === "string" ? part.insert : EMBED_CHARACTER))
    .join("");
}
