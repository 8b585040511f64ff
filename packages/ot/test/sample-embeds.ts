/** Two kinds of embeds to test handlers with: a counter, and a note with rich text of its own. */
import {
  applyWithEmbeds,
  compose,
  Document,
  type EmbedType,
  type EmbedTypes,
  invert,
  type JsonValue,
  type Operation,
  transform,
} from "../src/index.js";

const nonZero = (value: number): number | undefined => (value === 0 ? undefined : value);

/** `{ count: 5 }`, changed by adding a number. */
export const COUNT: EmbedType = {
  apply: (data, change) => (data as number) + (change as number),
  compose: (first, second) => nonZero((first as number) + (second as number)),
  transform: (_a, b) => b,
  invert: (change) => nonZero(-(change as number)),
};

const operationOf = (value: JsonValue): Operation => value as unknown as Operation;
const jsonOf = (operation: Operation): JsonValue | undefined =>
  operation.length === 0 ? undefined : (operation as unknown as JsonValue);

/** `{ note: [inserts] }`, changed by an operation on it. */
export const NOTE: EmbedType = {
  apply: (data, change) =>
    applyWithEmbeds(Document.fromDelta(data), operationOf(change), new Map()).toDelta() as unknown as JsonValue,
  compose: (first, second) => jsonOf(compose(operationOf(first), operationOf(second))),
  transform: (a, b, order, identical) => jsonOf(transform(operationOf(a), operationOf(b), order, identical)),
  invert: (change, before) => jsonOf(invert(operationOf(change), operationOf(before))),
};

export const TYPES: EmbedTypes = new Map([
  ["count", COUNT],
  ["note", NOTE],
]);
