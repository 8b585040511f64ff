import { type Fields, type FieldsOf, object, type Schema } from "./schema.js";

/**
 * One kind of message. In `tutti.v1+json` it is an object with `type` and the fields; in `tutti.v1` it is a MessagePack
 * list of the code and the values in the order of `fields`, where what is left out is nil, or missing at the end.
 *
 * How a message may change: a new optional field at the end needs no new version (old peers ignore it); anything else
 * does. Codes are never used again for something else.
 */
export interface MessageKind<Name extends string, F extends Fields> {
  readonly type: Name;
  readonly code: number;
  readonly fields: readonly string[];
  readonly schema: Schema<FieldsOf<F>>;
}
export type MessageOf<K> = K extends MessageKind<infer Name, infer F> ? { readonly type: Name } & FieldsOf<F> : never;

export function defineMessage<const Name extends string, const F extends Fields>(
  type: Name,
  code: number,
  fields: F,
): MessageKind<Name, F> {
  return { type, code, fields: Object.keys(fields), schema: object(fields) };
}
