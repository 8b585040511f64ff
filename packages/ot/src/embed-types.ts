import type { JsonValue } from "./attributes.js";
import { OperationError } from "./errors.js";
import type { Embed } from "./operation.js";
import type { IdenticalInserts, Order } from "./order.js";

/**
 * What a kind of embed (a table, a formula, a poll) needs so that people can edit inside it at the same time. An embed
 * `{ kind: data }` is edited by a retain that carries a change: `{ retain: 1, change: { kind: change } }`, in JSON also
 * Quill's `{ retain: { kind: change } }`.
 *
 * All functions are pure; data and changes are JSON values in a form in which equal ones are equal JSON. A function
 * that returns a change returns undefined where it would do nothing. With these laws, written for changes `a`, `b` and
 * data `d`, the laws of this package hold for operations that carry such changes:
 *
 *     apply(apply(d, a), b) = apply(d, compose(a, b))      compose(compose(a, b), c) = compose(a, compose(b, c))
 *     compose(a, transform(a, b, "before")) = compose(b, transform(b, a, "after"))
 *     apply(apply(d, a), invert(a, d)) = d
 */
export interface EmbedType {
  /** The data after the change. @throws OperationError where the change does not fit the data */
  apply(data: JsonValue, change: JsonValue): JsonValue;
  /** One change with the effect of both. */
  compose(first: JsonValue, second: JsonValue): JsonValue | undefined;
  /** `b` as it must be made after `a`; `order` says where `a` stands in the history, seen from `b`. */
  transform(a: JsonValue, b: JsonValue, order: Order, identical: IdenticalInserts): JsonValue | undefined;
  /** Takes `change`, made on `before`, back. */
  invert(change: JsonValue, before: JsonValue): JsonValue | undefined;
}

/**
 * The kinds of embeds that can be edited inside, by name. A value that is handed in, never a global: two documents of
 * one process may know different kinds. All who work on one document must have the same ones: they are part of the
 * version of the engine.
 *
 * A change of a kind that is not in here is carried, not made: the embed stays as it is, and of two changes of one
 * embed the later commit wins, as with an attribute.
 */
export type EmbedTypes = ReadonlyMap<string, EmbedType>;

export const NO_EMBED_TYPES: EmbedTypes = new Map();

/** The single key of an embed, or of a change of one. */
export const kindOf = (embed: Embed): string => Object.keys(embed)[0] as string;

const contentsOf = (embed: Embed): JsonValue => Object.values(embed)[0] as JsonValue;

// Object.fromEntries: a kind may be called "__proto__".
const wrap = (kind: string, value: JsonValue | undefined): Embed | undefined =>
  value === undefined ? undefined : Object.fromEntries([[kind, value]]);

/**
 * The embed after a change; itself for a kind without handler.
 * @throws OperationError `malformed` when `content` is not an embed of the kind that the change is for
 */
export function applyChange(
  content: string | Embed,
  change: Embed,
  embeds: EmbedTypes,
  index?: number,
): Embed | string {
  const kind = kindOf(change);
  const type = embeds.get(kind);
  if (type === undefined) return content;
  if (typeof content === "string" || kindOf(content) !== kind) {
    throw new OperationError("malformed", `changes what is no embed of the kind ${JSON.stringify(kind)}`, index);
  }
  return Object.fromEntries([[kind, type.apply(contentsOf(content), contentsOf(change))]]);
}

/** Both changes of one embed as one; the second alone where nobody can say more. */
export function composeChanges(
  first: Embed | undefined,
  second: Embed | undefined,
  embeds: EmbedTypes,
): Embed | undefined {
  if (first === undefined || second === undefined) return second ?? first;
  const type = handlerOf(first, second, embeds);
  return type === undefined ? second : wrap(kindOf(second), type.compose(contentsOf(first), contentsOf(second)));
}

/** `b` as it must be made after `a`, both made on one embed. */
export function transformChange(
  a: Embed | undefined,
  b: Embed | undefined,
  order: Order,
  identical: IdenticalInserts,
  embeds: EmbedTypes,
): Embed | undefined {
  if (a === undefined || b === undefined) return b;
  const type = handlerOf(a, b, embeds);
  if (type === undefined) return order === "after" ? undefined : b;
  return wrap(kindOf(b), type.transform(contentsOf(a), contentsOf(b), order, identical));
}

/** Takes a change back; undefined for a kind without handler, whose changes are not made in the first place. */
export function invertChange(change: Embed, before: string | Embed, embeds: EmbedTypes): Embed | undefined {
  const kind = kindOf(change);
  const type = embeds.get(kind);
  if (type === undefined || typeof before === "string" || kindOf(before) !== kind) return undefined;
  return wrap(kind, type.invert(contentsOf(change), contentsOf(before)));
}

function handlerOf(a: Embed, b: Embed, embeds: EmbedTypes): EmbedType | undefined {
  const kind = kindOf(a);
  return kind === kindOf(b) ? embeds.get(kind) : undefined;
}
