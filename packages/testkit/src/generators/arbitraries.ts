import { Document, type Operation } from "@tutti/ot";
import * as fc from "fast-check";
import { contentOf, realise, type Step } from "./plan.js";
import { CHANGES_OF_FORMAT, EMBEDS, FORMATS, SCRAPS } from "./vocabulary.js";

const scrap = fc.oneof(fc.constantFrom(...SCRAPS), fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }));
const insert: fc.Arbitrary<Step> = fc.record(
  {
    kind: fc.constant("insert" as const),
    content: fc.oneof({ weight: 9, arbitrary: scrap }, { weight: 1, arbitrary: fc.constantFrom(...EMBEDS) }),
    attributes: fc.constantFrom(...FORMATS),
    continues: fc.boolean(),
  },
  { requiredKeys: ["kind", "content"] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  insert,
  fc.record({ kind: fc.constant("delete" as const), length: fc.integer({ min: 1, max: 6 }) }),
  fc.record(
    {
      kind: fc.constant("retain" as const),
      length: fc.integer({ min: 1, max: 12 }),
      attributes: fc.constantFrom(...CHANGES_OF_FORMAT),
    },
    { requiredKeys: ["kind", "length"] },
  ),
);

/** Documents with formats, embeds, surrogate pairs and newlines; possibly empty. */
export const documents = (): fc.Arbitrary<Document> =>
  fc.array(insert, { maxLength: 8 }).map((plan) => Document.fromOperation(contentOf(plan)));

/** Operations that are valid for the document, in normal form, possibly without effect. */
export const operationsOn = (document: Document): fc.Arbitrary<Operation> =>
  fc.array(step, { maxLength: 7 }).map((plan) => realise(plan, document));

/** A document and `count` operations that were all made on it. */
export const concurrentOperations = (count: number): fc.Arbitrary<readonly [Document, readonly Operation[]]> =>
  planned(count, (document, plans) => plans.map((plan) => realise(plan, document)));

/** A document and `count` operations, the first one made on it, each other one on what the one before left. */
export const consecutiveOperations = (count: number): fc.Arbitrary<readonly [Document, readonly Operation[]]> =>
  planned(count, (document, plans) => {
    let current = document;
    return plans.map((plan) => {
      const operation = realise(plan, current);
      current = current.apply(operation);
      return operation;
    });
  });

// Plans are drawn beside the document, not chained to it: shrinking one keeps the others.
function planned(
  count: number,
  operations: (document: Document, plans: readonly (readonly Step[])[]) => readonly Operation[],
): fc.Arbitrary<readonly [Document, readonly Operation[]]> {
  const plans = fc.array(fc.array(step, { maxLength: 7 }), { minLength: count, maxLength: count });
  return fc.tuple(documents(), plans).map(([document, drawn]) => [document, operations(document, drawn)] as const);
}
