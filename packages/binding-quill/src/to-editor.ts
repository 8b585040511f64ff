import { changedSpan } from "@tutti/binding";
import {
  type Attributes,
  componentLength,
  Document,
  equalJson,
  isDelete,
  isInsert,
  type JsonValue,
  lengthDifference,
  type Operation,
  OperationBuilder,
} from "@tutti/ot";
import { linesOf, wholeLines } from "./final-line.js";
import type { Shown } from "./shown.js";

/**
 * A change of the document as a change of what Quill shows: the same text comes and goes; formats are those that make
 * what was shown of the lines before into what is to be shown of the lines after.
 *
 * Law: what is shown of `before` (its lines and the final "\n"), with the result applied, is what is shown of `after`.
 */
export function changeOfEditor(before: Document, after: Document, delta: Operation, shown: Shown): Operation {
  const span = changedSpan(delta);
  if (span === undefined) return [];
  const lines = wholeLines(before, span.from, span.to);
  const old = Document.fromOperation(shown.of(linesOf(before, lines.from, lines.to)));
  const now = Document.fromOperation(shown.of(linesOf(after, lines.from, lines.to + lengthDifference(delta))));
  const out = new OperationBuilder().retain(lines.from);
  let oldAt = 0;
  let newAt = 0;
  const keep = (length: number): void => {
    reformat(out, old.slice(oldAt, oldAt + length), now.slice(newAt, newAt + length));
    oldAt += length;
    newAt += length;
  };
  let left = lines.from;
  for (const part of delta) {
    const length = componentLength(part);
    if (isInsert(part)) {
      for (const piece of now.slice(newAt, newAt + length)) out.push(piece);
      newAt += length;
    } else if (isDelete(part)) {
      out.delete(length);
      oldAt += length;
    } else {
      const inside = Math.max(0, length - left);
      left -= length - inside;
      keep(inside);
    }
  }
  keep(old.length - oldAt);
  return out.build();
}

/** Retains content of equal length and gives it the formats it is to have; an object that changed is replaced. */
function reformat(out: OperationBuilder, old: Operation, now: Operation): void {
  const after = Document.fromOperation(now);
  let at = 0;
  for (const part of old) {
    if (!isInsert(part)) continue;
    const length = componentLength(part);
    for (const target of after.slice(at, at + length)) {
      if (!isInsert(target)) continue;
      const isSame =
        typeof target.insert === "string" || equalJson(part.insert as JsonValue, target.insert as JsonValue);
      if (isSame) out.retain(componentLength(target), changeOfFormats(part.attributes, target.attributes));
      else out.push(target).delete(1);
    }
    at += length;
  }
}

/** What a retain must carry to turn one set of formats into another; undefined when they are equal. */
function changeOfFormats(before: Attributes = {}, after: Attributes = {}): Attributes | undefined {
  const set = Object.entries(after).filter(([name, value]) => !equalJson(before[name] ?? null, value));
  const removed = Object.keys(before).filter((name) => !(name in after));
  if (set.length + removed.length === 0) return undefined;
  return Object.fromEntries([...removed.map((name) => [name, null] as const), ...set]);
}
