import { type Attributes, copyAttributes, equalJson, type JsonValue, withoutNulls } from "./attributes.js";

/**
 * The grammar (E1). An operation is a list of components that walks over the document from its start:
 *
 *     operation := component*
 *     component := { insert: text | embed, attributes?, continues? }   puts content here
 *                | { retain: n, attributes?, change?, skipped? }       keeps n units, formats them
 *                | { delete: n }                                       removes n units
 *
 * `change` edits inside the one embed that is kept (see `EmbedType`); `skipped` is a component of a kind that this engine
 * does not know (see `Skipped`).
 *
 * It is Quill's Delta plus one bit. Lengths count UTF-16 code units; an embed counts one. What follows the last
 * component is kept. A document is an operation of inserts only.
 *
 * Normal form: no empty component or attributes, no null attribute in an insert, equal neighbours merged, inserts before
 * deletes at one place, no plain retain at the end. Every function of this package takes any valid list and returns
 * normal form: two operations with the same effect, written differently, are then equal lists.
 *
 * Operations are values: nothing here changes one that it was given, and results share parts with their arguments.
 * Whoever passes an operation in must not change it afterwards either.
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
  /** An edit inside the embed that is kept: `retain` is 1, the single key names the kind of the embed. */
  readonly change?: Embed;
  /** A component of a kind to come, which this engine steps over. */
  readonly skipped?: Skipped;
}
/**
 * A component of a kind that a newer engine knows and this one does not (E10). In JSON it is any object with none of
 * the three keys and with `length`: how many units of the document, from its place on, it is about. This engine
 * treats it as a plain retain of so many units: base and result both count `length`. It carries it along with these
 * units (each knows which unit of the component it is, so that a cut piece does not lie) until they are deleted; of two
 * on one unit the later commit stays, as with an attribute; an inverse has none, since nothing was done.
 */
export interface Skipped {
  /** As it came, `length` included. */
  readonly component: { readonly [key: string]: JsonValue };
  /** Which unit of the component the first unit of this retain is; 0 where it was never cut. */
  readonly from: number;
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

/**
 * Units that a component covers: of the old document for retain and delete, of the new one for insert. Also right for
 * the spellings of JSON that only `normalise` turns into components: Quill's `{ retain: embed }`, and kinds to come.
 */
export function componentLength(component: Component): number {
  if (isInsert(component)) return contentLength(component.insert);
  if (isDelete(component)) return component.delete;
  if (typeof component.retain === "number") return component.retain;
  return isRetain(component) ? 1 : lengthOfSkipped(component);
}

/** What a component of an unknown kind declares. */
export const lengthOfSkipped = (component: object): number => (component as { readonly length: number }).length;

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

/** Deep equality of two operations in normal form; the order of attribute keys does not matter. */
export function equalOperations(a: Operation, b: Operation): boolean {
  return equalJson(a as unknown as JsonValue, b as unknown as JsonValue);
}

/** Builds an operation in normal form, component by component. */
export class OperationBuilder {
  readonly #parts: Component[] = [];

  /** Puts content here; nothing for "". Attributes with a null value are left out. */
  insert(content: string | Embed, attributes?: Attributes, continues?: boolean): this {
    const formatting = withoutNulls(attributes);
    return this.push({
      insert: content,
      ...(formatting === undefined ? undefined : { attributes: formatting }),
      ...(continues === true ? { continues } : undefined),
    });
  }

  /** Keeps `length` units and formats them; nothing for a length of 0 or less. */
  retain(length: number, attributes?: Attributes): this {
    if (length <= 0) return this;
    const formatting = copyAttributes(attributes);
    return this.push(formatting === undefined ? { retain: length } : { retain: length, attributes: formatting });
  }

  /** Edits inside the embed that comes next. @param change its single key names the kind of the embed */
  change(change: Embed, attributes?: Attributes): this {
    return this.push(retainOf(1, copyAttributes(attributes), change, undefined));
  }

  /** Steps over a component of a kind to come. @param component declares how many units it is about in `length` */
  skip(component: Skipped["component"]): this {
    return this.push(retainOf(lengthOfSkipped(component), undefined, undefined, { component, from: 0 }));
  }

  /** Removes `length` units; nothing for a length of 0 or less. */
  delete(length: number): this {
    return length <= 0 ? this : this.push({ delete: length });
  }

  /**
   * Adds one component; merges it with the last one where it can, drops it when it is empty.
   * @param part without empty attributes, and without null values in an insert
   */
  push(part: Component): this {
    if (componentLength(part) === 0) return this;
    const last = this.#parts.at(-1);
    if (last === undefined || !isDelete(last) || !isInsert(part)) {
      this.#append(part);
    } else {
      this.#parts.pop();
      this.#append(part);
      this.#parts.push(last);
    }
    return this;
  }

  /** What was built so far: a list of its own, which later calls don't change. */
  build(): Operation {
    const last = this.#parts.at(-1);
    return last !== undefined && isPlainRetain(last) ? this.#parts.slice(0, -1) : this.#parts.slice();
  }

  #append(part: Component): void {
    const last = this.#parts.at(-1);
    const merged = last === undefined ? undefined : merge(last, part);
    if (merged === undefined) this.#parts.push(part);
    else this.#parts[this.#parts.length - 1] = merged;
  }
}

/** A retain that says nothing but "keep": at the end of an operation it is left out. */
export const isPlainRetain = (part: Component): boolean =>
  isRetain(part) && part.attributes === undefined && part.change === undefined && part.skipped === undefined;

/** A retain without keys that would be undefined. */
export function retainOf(
  length: number,
  attributes: Attributes | undefined,
  change: Embed | undefined,
  skipped: Skipped | undefined,
): Retain {
  if (change === undefined && skipped === undefined) {
    return attributes === undefined ? { retain: length } : { retain: length, attributes };
  }
  return {
    retain: length,
    ...(attributes === undefined ? undefined : { attributes }),
    ...(change === undefined ? undefined : { change }),
    ...(skipped === undefined ? undefined : { skipped }),
  };
}

/** Whether two neighbours are one component in normal form. */
export function mergeable(left: Component, right: Component): boolean {
  if (isDelete(left)) return isDelete(right);
  if (isRetain(left)) return isRetain(right) && mergeableRetains(left, right);
  if (!isInsert(right) || typeof left.insert !== "string" || typeof right.insert !== "string") return false;
  return left.continues === right.continues && equalJson(left.attributes, right.attributes);
}

function mergeableRetains(left: Retain, right: Retain): boolean {
  if (left.change !== undefined || right.change !== undefined) return false;
  if (left.skipped !== undefined || right.skipped !== undefined) {
    if (left.skipped === undefined || right.skipped === undefined) return false;
    if (left.skipped.from + left.retain !== right.skipped.from) return false;
    if (!equalJson(left.skipped.component, right.skipped.component)) return false;
  }
  return equalJson(left.attributes, right.attributes);
}

/** Two neighbours as one component; undefined where they are two in normal form. */
export function merge(left: Component, right: Component): Component | undefined {
  if (!mergeable(left, right)) return undefined;
  if (isDelete(left)) return { delete: left.delete + componentLength(right) };
  if (isRetain(left)) return { ...left, retain: left.retain + componentLength(right) };
  // Both are text, or they would not be mergeable.
  return { ...left, insert: `${left.insert as string}${(right as Insert).insert as string}` };
}
