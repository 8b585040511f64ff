import { type Component, componentLength, isDelete, isInsert, type Operation } from "@tutti/ot";

/** A component without anybody's text: how long it is, what kind of embed, which attributes by name. */
export interface ComponentShape {
  readonly retain?: number;
  readonly insert?: number;
  readonly delete?: number;
  /** The kind of an embed that is inserted, or changed. */
  readonly embed?: string;
  readonly attributes?: readonly string[];
  readonly continues?: true;
}

/** What may be told of an operation to people who debug (C6). @param most components; what is behind them is counted */
export function shapeOf(operation: Operation, most: number): readonly (ComponentShape | { readonly more: number })[] {
  const shapes = operation.slice(0, most).map(componentShape);
  return operation.length > most ? [...shapes, { more: operation.length - most }] : shapes;
}

function componentShape(part: Component): ComponentShape {
  const length = componentLength(part);
  if (isDelete(part)) return { delete: length };
  const attributes = part.attributes === undefined ? {} : { attributes: Object.keys(part.attributes) };
  if (!isInsert(part)) {
    return { retain: length, ...(part.change === undefined ? {} : { embed: kindOf(part.change) }), ...attributes };
  }
  const embed = typeof part.insert === "string" ? {} : { embed: kindOf(part.insert) };
  return { insert: length, ...embed, ...attributes, ...(part.continues === true ? { continues: true } : {}) };
}

const kindOf = (embed: object): string => Object.keys(embed)[0] ?? "";
