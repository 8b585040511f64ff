/** Anything JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Formatting of a run. In a retain, a `null` value removes the key; in an insert there are no `null` values.
 * An empty object never appears in a normalised operation: it is left out instead.
 */
export type Attributes = { readonly [key: string]: JsonValue };

const hasOwn = (object: object, key: string): boolean => Object.hasOwn(object, key);

/** A shallow copy; undefined where there is nothing in it. */
export function copyAttributes(attributes: Attributes | undefined): Attributes | undefined {
  return select(attributes, () => true);
}

/** A copy without the `null` values; undefined when nothing is left. */
export function withoutNulls(attributes: Attributes | undefined): Attributes | undefined {
  return select(attributes, (_key, value) => value !== null);
}

/**
 * The effect of `first` and then `second` on one run.
 *
 * @param keepNull true for retains, where "remove this key" must survive; false for inserts
 * @returns undefined when nothing is left
 */
export function composeAttributes(
  first: Attributes | undefined,
  second: Attributes | undefined,
  keepNull: boolean,
): Attributes | undefined {
  if (second === undefined) return first;
  const composed = { ...first, ...second };
  return keepNull ? copyAttributes(composed) : withoutNulls(composed);
}

/**
 * `later` as it must be applied after `other`, both made on the same run: of two values for one key, that of the
 * operation committed later wins.
 *
 * @param otherWins true when `other` was committed after the attributes that are transformed
 */
export function transformAttributes(
  other: Attributes | undefined,
  attributes: Attributes | undefined,
  otherWins: boolean,
): Attributes | undefined {
  if (other === undefined || !otherWins) return attributes;
  return select(attributes, (key) => !hasOwn(other, key));
}

/** The attributes of a retain that takes a run from `after` (= `before` formatted with `applied`) back to `before`. */
export function invertAttributes(applied: Attributes, before: Attributes | undefined): Attributes | undefined {
  const changed: [string, JsonValue][] = [];
  for (const key of Object.keys(applied)) {
    const old = ownValue(before, key);
    if (!equalJson(old, applied[key] ?? null)) changed.push([key, old]);
  }
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

/** The attributes of a retain that takes a run from `before` to `after`; undefined when they are equal. */
export function diffAttributes(before: Attributes | undefined, after: Attributes | undefined): Attributes | undefined {
  if (before === after) return undefined;
  const removed = Object.fromEntries(Object.keys(before ?? {}).map((key) => [key, null]));
  return select({ ...removed, ...after }, (key, value) => !equalJson(value, ownValue(before, key)));
}

const ownValue = (attributes: Attributes | undefined, key: string): JsonValue =>
  attributes !== undefined && hasOwn(attributes, key) ? (attributes[key] as JsonValue) : null;

/** Deep equality of JSON values; the order of keys does not matter. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return equalArrays(a, b);
  return equalObjects(a as Attributes, b as Attributes);
}

/** JSON with sorted keys: equal values have equal text. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as Attributes;
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

function equalArrays(a: JsonValue, b: JsonValue): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((value, index) => equalJson(value, b[index]));
}

function equalObjects(a: Attributes, b: Attributes): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => hasOwn(b, key) && equalJson(a[key], b[key]));
}

// Object.fromEntries defines where an assignment would call a setter: a key named "__proto__" is a person's data too.
function select(
  attributes: Attributes | undefined,
  keep: (key: string, value: JsonValue) => boolean,
): Attributes | undefined {
  if (attributes === undefined) return undefined;
  const kept = Object.entries(attributes).filter(([key, value]) => keep(key, value));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
