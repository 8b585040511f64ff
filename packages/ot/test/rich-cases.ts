/** Random operations that edit inside embeds, and that carry components of kinds to come. */
import fc from "fast-check";
import {
  type Attributes,
  applyWithEmbeds,
  type Component,
  Document,
  type Embed,
  isInsert,
  type JsonValue,
  normalise,
  type Operation,
} from "../src/index.js";
import { attributes, operationOn, steps, text } from "./generators.js";
import { TYPES } from "./sample-embeds.js";

const note = (content: string): Embed => ({ note: content === "" ? [] : [{ insert: content }] });
const sample: fc.Arbitrary<Embed> = fc.oneof(
  fc.integer({ min: -2, max: 2 }).map((count): Embed => ({ count })),
  fc.constantFrom("", "a", "ab", "a😀b").map(note),
);

export const richDocuments: fc.Arbitrary<Document> = fc
  .array(fc.tuple(fc.oneof(text, sample, sample), attributes), { maxLength: 6 })
  .map((runs) =>
    Document.fromDelta(
      runs.map(([insert, formats]) => ({ insert, ...(formats === undefined ? undefined : { attributes: formats }) })),
    ),
  );

type Steps = Parameters<typeof operationOn>[1];
/** What else happens to units that stay: one number after the other decides. */
const choices = fc.array(fc.nat(11), { minLength: 3, maxLength: 9 });
export type RichPlan = readonly [Steps, readonly number[]];
export const richPlan: fc.Arbitrary<RichPlan> = fc.tuple(steps, choices);

/** The operation that `plan` is on `base`, in normal form. */
export function richOperation(base: Document, [taken, chosen]: RichPlan): Operation {
  const units = base.toDelta().flatMap((part): (string | Embed)[] => {
    const content = isInsert(part) ? part.insert : "";
    return typeof content === "string" ? content.split("") : [content];
  });
  const parts: Component[] = [];
  let at = 0;
  let turn = 0;
  const next = (): number => chosen[turn++ % chosen.length] ?? 0;
  for (const part of operationOn(base, taken)) {
    if (isInsert(part)) {
      parts.push(typeof part.insert === "string" ? part : { ...part, insert: replaced(part.insert, next()) });
    } else if ("delete" in part) {
      parts.push(part);
      at += part.delete;
    } else {
      parts.push(...retained(units.slice(at, at + part.retain), part.attributes, next));
      at += part.retain;
    }
  }
  return normalise(parts);
}

const replaced = (embed: Embed, choice: number): Embed =>
  choice > 8 ? embed : choice > 4 ? { count: choice } : note("a");

function retained(units: readonly (string | Embed)[], formats: Attributes | undefined, next: () => number) {
  if (next() > 9) return [{ move: next() % 2, length: units.length } as unknown as Component];
  return units.map((unit): Component => {
    const change = typeof unit === "string" || next() > 8 ? undefined : changeOf(unit, next());
    return { retain: 1, ...(formats && { attributes: formats }), ...(change && { change }) };
  });
}

function changeOf(unit: Embed, choice: number): Embed | undefined {
  if ("count" in unit) return choice === 5 ? undefined : { count: choice - 5 };
  if (!("note" in unit)) return undefined;
  const inside = Document.fromDelta(unit["note"]);
  const edits: readonly Operation[] = [
    [{ insert: "a" }],
    [{ insert: "b", continues: true }],
    normalise([{ delete: inside.length }]),
    [...(inside.length > 0 ? [{ retain: 1, attributes: { bold: choice } }] : []), { insert: "x" }],
  ];
  const edit = normalise(edits[choice % 4] as Operation);
  // By the rules of handlers, a change that does nothing is none.
  return edit.length === 0 ? undefined : { note: edit as unknown as JsonValue };
}

export interface RichCase {
  readonly base: Document;
  readonly operations: readonly Operation[];
}

/** A document and operations all made on it. */
export const concurrentRich = (count: number): fc.Arbitrary<RichCase> =>
  fc.tuple(richDocuments, fc.array(richPlan, { minLength: count, maxLength: count })).map(([base, plans]) => ({
    base,
    operations: plans.map((each) => richOperation(base, each)),
  }));

/** A document and operations each made on what the one before left. */
export const consecutiveRich = (count: number): fc.Arbitrary<RichCase> =>
  fc.tuple(richDocuments, fc.array(richPlan, { minLength: count, maxLength: count })).map(([base, plans]) => {
    let document = base;
    const operations = plans.map((each) => {
      const operation = richOperation(document, each);
      document = applyWithEmbeds(document, operation, TYPES);
      return operation;
    });
    return { base, operations };
  });
