import { type Attributes, equalJson, type JsonValue } from "./attributes.js";

/**
 * The grammar (E1). An operation is a list of components that walks over the document from its start:
 *
 *     operation := component*
 *     component := { insert: text | embed, attributes?, continues? }   puts content here
 *                | { retain: n, attributes? }                          keeps n units, formats them
 *                | { delete: n }                                       removes n units
 *
 * It is Quill's Delta plus one bit. Lengths count UTF-16 code units; an embed counts one. What follows the last
 * component is kept. A document is an operation of inserts only.
 *
 * Normal form: no empty component, equal neighbours merged, inserts before deletes at one place, no plain retain at
 * the end. Every function of this package returns normal form; equal effects on paper are then equal lists.
 */
export type Operation = readonly Component[];
export type Component = Insert | Retain | Delete;

export interface Insert {
  readonly insert: string | Embed;
  readonly attributes?: Attributes;
  /**
   * The bit that buys E4: the author's own last insert is the left neighbour of this one. It belongs to each inserted
   * unit, so neighbours with different bits are not merged. See `transform`.
   */
  readonly continues?: true;
}
export interface Retain {
  readonly retain: number;
  readonly attributes?: Attributes;
}
export interface Delete {
  readonly delete: number;
}
/** An object in the text: one unit long. Its single key names its kind, the value is its data. */
export type Embed = { readonly [kind: string]: JsonValue };

export const isInsert = (component: Component): component is Insert => "insert" in component;
export const isRetain = (component: Component): component is Retain => "retain" in component;
export const isDelete = (component: Component): component is Delete => "delete" in component;

/** How many units of content an insert adds. */
export const contentLength = (content: string | Embed): number => (typeof content === "string" ? content.length : 1);

/** Units that a component covers: of the old document for retain and delete, of the new one for insert. */
export function componentLength(component: Component): number {
  if (isInsert(component)) return contentLength(component.insert);
  return isRetain(component) ? component.retain : component.delete;
}

/** The shortest document, in units, that the operation can be applied to. */
export function baseLength(operation: Operation): number {
  return operation.reduce((sum, part) => (isInsert(part) ? sum : sum + componentLength(part)), 0);
}

/** By how many units the operation makes a document longer (negative: shorter). */
export function lengthDifference(operation: Operation): number {
  return operation.reduce((sum, part) => {
    if (isInsert(part)) return sum + componentLength(part);
    return isDelete(part) ? sum - part.delete : sum;
  }, 0);
}

/** True when applying the operation changes nothing in any document. */
export const isNoop = (operation: Operation): boolean => operation.length === 0;

/** Deep equality of two operations in normal form. */
export function equalOperations(a: Operation, b: Operation): boolean {
  return equalJson(a as unknown as JsonValue, b as unknown as JsonValue);
}

/** Builds an operation in normal form, component by component. */
export class OperationBuilder {
  readonly #parts: Component[] = [];

  insert(content: string | Embed, attributes?: Attributes, continues?: boolean): this {
    if (content === "") return this;
    return this.push({
      insert: content,
      ...(attributes === undefined ? undefined : { attributes }),
      ...(continues === true ? { continues } : undefined),
    });
  }

  retain(length: number, attributes?: Attributes): this {
    if (length <= 0) return this;
    return this.push(attributes === undefined ? { retain: length } : { retain: length, attributes });
  }

  delete(length: number): this {
    return length <= 0 ? this : this.push({ delete: length });
  }

  /** Adds one component that is not empty; merges it with the last one where it can. */
  push(part: Component): this {
    const parts = this.#parts;
    const last = parts.at(-1);
    if (last !== undefined && isDelete(last) && isInsert(part)) {
      parts.pop();
      this.push(part);
      parts.push(last);
      return this;
    }
    const merged = last === undefined ? undefined : merge(last, part);
    if (merged === undefined) parts.push(part);
    else parts[parts.length - 1] = merged;
    return this;
  }

  build(): Operation {
    const last = this.#parts.at(-1);
    if (last !== undefined && isRetain(last) && last.attributes === undefined) this.#parts.pop();
    return this.#parts;
  }
}

/** Any list of components in normal form. */
export function normalise(components: Iterable<Component>): Operation {
  const builder = new OperationBuilder();
  for (const part of components) {
    if (componentLength(part) > 0) builder.push(part);
  }
  return builder.build();
}

function merge(left: Component, right: Component): Component | undefined {
  if (isDelete(left)) return isDelete(right) ? { delete: left.delete + right.delete } : undefined;
  if (isRetain(left)) {
    if (!isRetain(right) || !equalJson(left.attributes, right.attributes)) return undefined;
    return { ...left, retain: left.retain + right.retain };
  }
  if (!isInsert(right) || typeof left.insert !== "string" || typeof right.insert !== "string") return undefined;
  if (left.continues !== right.continues || !equalJson(left.attributes, right.attributes)) return undefined;
  return { ...left, insert: left.insert + right.insert };
}
