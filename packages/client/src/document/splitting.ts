import {
  type Component,
  componentLength,
  isDelete,
  isInsert,
  isRetain,
  type Operation,
  OperationBuilder,
} from "@tutti/ot";

/** What one component costs besides its text: its numbers and braces, in JSON. */
const ENVELOPE = 16;

/**
 * Cuts an operation in two, so that the first part fits into one message: what was composed while offline may be
 * larger than any single edit. Applying both parts in turn has the effect of the whole.
 *
 * @param budget of the first part, in about UTF-16 units of JSON; a component other than text is never cut, so one
 *   that is too large by itself goes alone
 * @returns the second part is undefined where all fits into the first one
 */
export function splitOperation(operation: Operation, budget: number): readonly [Operation, Operation | undefined] {
  const first = new OperationBuilder();
  let left = budget;
  let reached = 0;
  // Without an effect of its own the first part would be no progress.
  let effective = false;
  for (const [index, part] of operation.entries()) {
    const cost = costOf(part);
    if (cost > left) {
      const [head, tail] = cutText(part, left - (cost - componentLength(part)), !effective);
      if (head !== undefined) {
        first.push(head);
        reached += coveredBy(head);
      }
      const rest = [...(tail === undefined ? [] : [tail]), ...operation.slice(index + 1)];
      return [first.build(), rest.length === 0 ? undefined : behind(reached, rest)];
    }
    left -= cost;
    effective ||= cost > 0;
    first.push(part);
    reached += coveredBy(part);
  }
  return [operation, undefined];
}

function costOf(part: Component): number {
  if (isDelete(part)) return ENVELOPE;
  if (isRetain(part) && part.attributes === undefined) return 0;
  const attributes = part.attributes === undefined ? 0 : JSON.stringify(part.attributes).length;
  if (!isInsert(part)) return ENVELOPE + attributes;
  return ENVELOPE + attributes + (typeof part.insert === "string" ? part.insert : JSON.stringify(part.insert)).length;
}

/** At most `units` of an insert of text, and the rest. With `must` the first part is never missing. */
function cutText(
  part: Component,
  units: number,
  must: boolean,
): readonly [Component | undefined, Component | undefined] {
  if (!isInsert(part) || typeof part.insert !== "string") return must ? [part, undefined] : [undefined, part];
  const wanted = must ? Math.max(units, 2) : units;
  const last = part.insert.charCodeAt(wanted - 1);
  const length = last >= 0xd800 && last <= 0xdbff ? wanted - 1 : wanted;
  if (length <= 0) return [undefined, part];
  if (length >= part.insert.length) return [part, undefined];
  // The author's own text is the left neighbour of the second part (E4).
  const tail = { ...part, insert: part.insert.slice(length), continues: true as const };
  return [{ ...part, insert: part.insert.slice(0, length) }, tail];
}

/** Units of the text after the operation that a component of it covers. */
const coveredBy = (part: Component): number => (isDelete(part) ? 0 : componentLength(part));

/** Components that follow on `length` units, as an operation of their own. */
function behind(length: number, rest: readonly Component[]): Operation {
  const out = new OperationBuilder().retain(length);
  for (const part of rest) out.push(part);
  return out.build();
}
