/** Every law of the package on one case. Throws, naming the law, where one does not hold. */
import {
  AnchorSet,
  applyWithEmbeds,
  type Bias,
  compose,
  Document,
  decodeOperation,
  diff,
  encodeOperation,
  equalOperations,
  invert,
  type Operation,
  operationToJson,
  parseOperation,
  transform,
  transformPosition,
} from "../../src/index.js";
import { normalForm } from "../../src/normal-form.js";
import { withoutBits } from "../generators.js";
import { naiveApply, naiveCompose, naiveTransform } from "../oracle.js";
import { TYPES } from "../sample-embeds.js";
import type { FuzzCase } from "./case.js";

function equal(law: string, one: Operation, other: Operation): void {
  if (!equalOperations(one, other)) throw new Error(`${law}: ${JSON.stringify(one)} is not ${JSON.stringify(other)}`);
}

function same(law: string, one: Document, other: Document): void {
  equal(law, one.toDelta(), other.toDelta());
  if (one.checksum !== other.checksum) throw new Error(`${law}: checksums differ`);
}

const apply = (document: Document, operation: Operation): Document => applyWithEmbeds(document, operation, TYPES);

export function check(found: FuzzCase): void {
  const { a, b, c, d, identical } = found;
  const base = Document.fromDelta(found.base);
  const options = { identical, embeds: TYPES };
  const bAfterA = transform(a, b, "before", options);
  const aAfterB = transform(b, a, "after", options);
  const both = compose(a, bAfterA, TYPES);
  equal("TP1", withoutBits(both), withoutBits(compose(b, aAfterB, TYPES)));
  const afterA = apply(base, a);
  same("TP1 of documents", apply(afterA, bAfterA), apply(apply(base, b), aAfterB));
  equal("transform and the oracle", bAfterA, naiveTransform(a, b, "before", identical, TYPES));
  equal("transform and the oracle, after", aAfterB, naiveTransform(b, a, "after", identical, TYPES));
  equal("apply and the oracle", afterA.toDelta(), naiveApply(found.base, a, TYPES));
  const ac = compose(a, c, TYPES);
  equal("compose and the oracle", ac, naiveCompose(a, c, TYPES));
  const afterC = apply(afterA, c);
  same("apply after compose", apply(base, ac), afterC);
  equal("associativity", compose(ac, d, TYPES), compose(a, compose(c, d, TYPES), TYPES));
  same("invert", apply(afterC, invert(ac, base, TYPES)), base);
  checkForms(both);
  for (const result of [bAfterA, aAfterB, both, ac]) {
    if (normalForm(result) !== result) throw new Error(`normal form: ${JSON.stringify(result)}`);
  }
  const change = diff(base, afterC);
  same("diff", base.apply(change), afterC);
  checkPositions(base, ac);
}

function checkForms(operation: Operation): void {
  equal("bytes", decodeOperation(encodeOperation(operation)), operation);
  equal("JSON", parseOperation(operationToJson(operation)), operation);
}

function checkPositions(base: Document, operation: Operation): void {
  const biases: readonly Bias[] = ["left", "right"];
  const entries = biases.flatMap((bias) =>
    Array.from({ length: base.length + 1 }, (_, position) => ({ id: `${bias}${position}`, position, bias })),
  );
  const { anchors } = AnchorSet.of(entries).apply(operation);
  for (const { id, position, bias } of entries) {
    const place = transformPosition(operation, position, bias);
    if (anchors.get(id)?.start !== place) throw new Error(`positions: ${id} should be at ${place}`);
  }
}
