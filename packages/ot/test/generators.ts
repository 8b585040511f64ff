/**
 * Random documents and operations for the properties of this package. Small alphabets on purpose: ties, equal
 * neighbours and equal inserts are where transforms go wrong, so they must be common.
 */
import fc from "fast-check";
import {
  type Attributes,
  type Component,
  componentLength,
  Document,
  type Embed,
  isInsert,
  type JsonValue,
  normalise,
  type Operation,
} from "../src/index.js";

const PIECES = ["a", "b", "ab", "c", "\n", "é", "漢", "😀", "👩‍👧", "x😀y"] as const;
const EMBEDS: readonly Embed[] = [{ image: "a.png" }, { image: "b.png" }, { mention: { id: "1", name: "Ann" } }];
const VALUES: readonly Attributes[string][] = [true, 1, "red", [1, [2]], { deep: ["x"], on: true }];

export const text: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(""));

export const embed: fc.Arbitrary<Embed> = fc.constantFrom(...EMBEDS);

const KEYS = ["bold", "colour", "__proto__", "constructor"] as const;

function attributesOf(values: fc.Arbitrary<Attributes[string]>): fc.Arbitrary<Attributes | undefined> {
  const entry = fc.tuple(fc.constantFrom(...KEYS), values);
  const some = fc.uniqueArray(entry, { minLength: 1, maxLength: 2, selector: ([key]) => key });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: some.map((entries): Attributes => Object.fromEntries(entries)) },
  );
}

/** Attributes of an insert: never null. */
export const attributes = attributesOf(fc.constantFrom(...VALUES));
/** Attributes of a retain: null removes. */
export const formatting = attributesOf(fc.constantFrom(...VALUES, null));

function insertOf(content: string | Embed, formats: Attributes | undefined, continues: boolean): Component {
  return {
    insert: content,
    ...(formats === undefined ? undefined : { attributes: formats }),
    ...(continues ? { continues: true as const } : undefined),
  };
}

const content = fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: embed });

/** A document, as a Delta. */
export const delta: fc.Arbitrary<Operation> = fc
  .array(fc.tuple(content, attributes), { maxLength: 6 })
  .map((runs) => normalise(runs.map(([piece, formats]) => insertOf(piece, formats, false))));

export const documents: fc.Arbitrary<Document> = delta.map((content) => Document.fromDelta(content));

/** One step over the document; `share` says how much of what is left it covers. */
interface Step {
  readonly kind: "insert" | "retain" | "delete";
  readonly share: number;
  readonly content: string | Embed;
  readonly attributes: Attributes | undefined;
  readonly formatting: Attributes | undefined;
  readonly continues: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("insert", "retain", "retain", "delete"),
  share: fc.nat(5),
  content,
  attributes,
  formatting,
  continues: fc.boolean(),
});

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { maxLength: 7 });

/** The components that `steps` are on `base`: a valid Delta, in general not in normal form. */
export function walk(base: Document, taken: readonly Step[]): readonly Component[] {
  const parts: Component[] = [];
  const plain = base.text();
  let position = 0;
  for (const { kind, share, ...rest } of taken) {
    if (kind === "insert") {
      parts.push(insertOf(rest.content, rest.attributes, rest.continues));
      continue;
    }
    const end = wholeCharacters(plain, Math.min(position + share, plain.length));
    const length = end - position;
    position = end;
    if (kind === "delete") parts.push({ delete: length });
    else parts.push({ retain: length, ...(rest.formatting === undefined ? {} : { attributes: rest.formatting }) });
  }
  return parts;
}

/** An operation on `base`, in normal form. */
export const operationOn = (base: Document, taken: readonly Step[]): Operation => normalise(walk(base, taken));

/** The next position that does not tear a surrogate pair. */
function wholeCharacters(plain: string, position: number): number {
  const unit = plain.charCodeAt(position);
  return unit >= 0xdc00 && unit <= 0xdfff ? position + 1 : position;
}

/** A document and operations all made on it. */
export function concurrent(count: number): fc.Arbitrary<{ base: Document; operations: readonly Operation[] }> {
  return fc.tuple(documents, fc.array(steps, { minLength: count, maxLength: count })).map(([base, all]) => ({
    base,
    operations: all.map((taken) => operationOn(base, taken)),
  }));
}

/** A document and operations each made on what the one before left. */
export function consecutive(count: number): fc.Arbitrary<{ base: Document; operations: readonly Operation[] }> {
  return fc.tuple(documents, fc.array(steps, { minLength: count, maxLength: count })).map(([base, all]) => {
    let document = base;
    const operations = all.map((taken) => {
      const operation = operationOn(document, taken);
      document = document.apply(operation);
      return operation;
    });
    return { base, operations };
  });
}

/** Splits components, adds empty ones and empty attributes: the same operation, written by somebody careless. */
export function scramble(operation: Operation, choices: readonly number[]): readonly Component[] {
  const parts: Component[] = [];
  operation.forEach((part, index) => {
    const choice = choices[index % Math.max(1, choices.length)] ?? 0;
    if (choice === 0) parts.push({ retain: 0 }, { insert: "" }, { delete: 0 });
    const length = componentLength(part);
    const cut = choice > 1 ? Math.floor(length / 2) : 0;
    parts.push(...cutAt(part, cut, length));
  });
  return parts;
}

function cutAt(part: Component, cut: number, length: number): readonly Component[] {
  if (cut === 0) return [part];
  if ("delete" in part) return [{ delete: cut }, { delete: length - cut }];
  if ("retain" in part)
    return [
      { ...part, retain: cut },
      { ...part, retain: length - cut },
    ];
  if (!isInsert(part) || typeof part.insert !== "string") return [part];
  const at = wholeCharacters(part.insert, cut);
  return [
    { ...part, insert: part.insert.slice(0, at) },
    { ...part, insert: part.insert.slice(at) },
  ];
}

/** How often a property is tried; the environment raises it for a long run. */
const RUNS = Number(process.env["TUTTI_PROPERTY_RUNS"] ?? 2_000);
const SEED = Number(process.env["TUTTI_SEED"] ?? 1);

/** Checks a property; a failure prints the seed, the path and the smallest case. `share` of the usual number of runs. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, share = 1): void {
  const property = fc.property(arbitrary, (value) => {
    check(value);
  });
  fc.assert(property, { numRuns: Math.ceil(RUNS * share), seed: SEED });
}

/** Without the bit of E4, also in changes that are operations: TP1 leaves it different where both went on at one place. */
export function withoutBits(operation: Operation): Operation {
  return normalise(
    operation.map((part) => {
      if ("insert" in part) {
        const { continues: _bit, ...rest } = part;
        return rest;
      }
      if (!("change" in part) || part.change === undefined) return part;
      const [[kind, change]] = Object.entries(part.change) as [[string, Operation | JsonValue]];
      return Array.isArray(change)
        ? { ...part, change: { [kind]: withoutBits(change) as unknown as JsonValue } }
        : part;
    }),
  );
}
