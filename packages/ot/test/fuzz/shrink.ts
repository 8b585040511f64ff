import { Document, equalOperations, normalise, type Operation } from "../../src/index.js";
import type { FuzzCase } from "./case.js";

/** Tries smaller and smaller cases as long as they fail too; greedy. A case that is no valid one must not `fail`. */
export function shrink(found: FuzzCase, fails: (smaller: FuzzCase) => boolean): FuzzCase {
  for (const smaller of candidates(found)) {
    if (fails(smaller)) return shrink(smaller, fails);
  }
  return found;
}

function* candidates(found: FuzzCase): Generator<FuzzCase, void, undefined> {
  for (const key of ["d", "c", "b", "a"] as const) {
    for (const operation of smallerOperations(found[key])) yield { ...found, [key]: operation };
  }
  const last = found.base.at(-1);
  if (last !== undefined) yield { ...found, base: found.base.slice(0, -1) };
}

function* smallerOperations(operation: Operation): Generator<Operation, void, undefined> {
  if (operation.length > 0) yield [];
  for (const [index, part] of operation.entries()) {
    const without = (...parts: Operation): Operation =>
      normalise([...operation.slice(0, index), ...parts, ...operation.slice(index + 1)]);
    if ("insert" in part) {
      yield without();
      if (part.attributes !== undefined) yield without({ ...part, attributes: {} });
      if (typeof part.insert === "string" && part.insert !== "a") yield without({ ...part, insert: "a" });
    } else {
      const length = "delete" in part ? part.delete : part.retain;
      const plain = without({ retain: length });
      if (!equalOperations(plain, operation)) yield plain;
    }
  }
}

/** Whether all operations of a case fit where they are made. */
export function isValid({ base, a, b, c, d }: FuzzCase): boolean {
  try {
    const document = Document.fromDelta(base);
    document.apply(b);
    document.apply(a).apply(c).apply(d);
    return true;
  } catch {
    return false;
  }
}
