import { componentLength, equalJson, type Insert, isInsert, type Operation, OperationBuilder } from "@tutti/ot";

/**
 * The operation that turns one content into another by replacing the stretch in which they differ; what is equal at
 * the start and at the end stays, so that cursors and pending edits there stay in place.
 *
 * @param before content as a Delta of inserts
 * @param after likewise
 */
export function replacement(before: Operation, after: Operation): Operation {
  const old = before.filter(isInsert);
  const now = after.filter(isInsert);
  const start = commonUnits(old, now, Number.POSITIVE_INFINITY, "start");
  const shorter = Math.min(lengthOf(old), lengthOf(now));
  const end = commonUnits(old, now, shorter - start, "end");
  const out = new OperationBuilder().retain(start);
  for (const part of slice(now, start, lengthOf(now) - end)) out.push(part);
  return out.delete(lengthOf(old) - end - start).build();
}

const lengthOf = (content: readonly Insert[]): number => content.reduce((sum, part) => sum + componentLength(part), 0);

/** How many units, at most `limit`, are equal at one end of both; surrogate pairs are never cut. */
function commonUnits(a: readonly Insert[], b: readonly Insert[], limit: number, side: "start" | "end"): number {
  let common = 0;
  for (let index = 0; index < Math.min(a.length, b.length) && common < limit; index += 1) {
    const x = side === "start" ? a[index] : a[a.length - 1 - index];
    const y = side === "start" ? b[index] : b[b.length - 1 - index];
    if (x === undefined || y === undefined || !equalJson(x.attributes, y.attributes)) break;
    const equal = Math.min(equalUnits(x, y, side), limit - common);
    const whole = equal === componentLength(x) && equal === componentLength(y);
    common += whole || typeof x.insert !== "string" ? equal : outsidePair(x.insert, equal, side);
    if (!whole) break;
  }
  return common;
}

function equalUnits(x: Insert, y: Insert, side: "start" | "end"): number {
  if (typeof x.insert !== "string" || typeof y.insert !== "string") return equalJson(x.insert, y.insert) ? 1 : 0;
  const [a, b] = [x.insert, y.insert];
  const longest = Math.min(a.length, b.length);
  let count = 0;
  while (count < longest) {
    const [i, j] = side === "start" ? [count, count] : [a.length - 1 - count, b.length - 1 - count];
    if (a.charCodeAt(i) !== b.charCodeAt(j)) break;
    count += 1;
  }
  return count;
}

/** `count`, or one less where so many units would end inside a surrogate pair. */
function outsidePair(text: string, count: number, side: "start" | "end"): number {
  if (count === 0) return 0;
  const unit = text.charCodeAt(side === "start" ? count - 1 : text.length - count);
  const [low, high] = side === "start" ? [0xd800, 0xdbff] : [0xdc00, 0xdfff];
  return unit >= low && unit <= high ? count - 1 : count;
}

function slice(content: readonly Insert[], from: number, to: number): readonly Insert[] {
  const pieces: Insert[] = [];
  let position = 0;
  for (const part of content) {
    const length = componentLength(part);
    const [first, last] = [Math.max(from - position, 0), Math.min(to - position, length)];
    if (first < last) {
      const whole = typeof part.insert !== "string" || (first === 0 && last === length);
      pieces.push(whole ? part : { ...part, insert: (part.insert as string).slice(first, last) });
    }
    position += length;
  }
  return pieces;
}
