import { Document, type Operation } from "@tutti/ot";
import type { SeededRandom } from "../seeded-random.js";
import { contentOf, type Plan, realise, type Step } from "./plan.js";
import { CHANGES_OF_FORMAT, EMBEDS, FORMATS, SCRAPS } from "./vocabulary.js";

export interface OperationOptions {
  /** At most so many steps; 6 by default. */
  readonly steps?: number;
  /** Text to insert; scraps of the vocabulary by default. */
  readonly text?: () => string;
  /** False: text only, as in a plain document. True by default. */
  readonly rich?: boolean;
}

/** A document of about `length` units. */
export function randomDocument(random: SeededRandom, length: number, options: OperationOptions = {}): Document {
  const plan: Step[] = [];
  for (let units = 0; units < length; units += 2) plan.push(insertStep(random, options));
  return Document.fromOperation(contentOf(plan));
}

/** An operation that is valid for the document; it may be one without effect. */
export function randomOperation(random: SeededRandom, document: Document, options: OperationOptions = {}): Operation {
  const plan: Plan = Array.from({ length: random.between(1, options.steps ?? 6) }, () =>
    randomStep(random, document.length, options),
  );
  return realise(plan, document);
}

function randomStep(random: SeededRandom, length: number, options: OperationOptions): Step {
  const kind = random.pick(["retain", "retain", "insert", "insert", "delete", "format"] as const);
  if (kind === "insert") return insertStep(random, options);
  if (kind === "delete") return { kind, length: random.between(1, 4) };
  const reach = random.between(1, Math.max(4, Math.floor(length / 2)));
  if (kind === "retain" || options.rich === false) return { kind: "retain", length: reach };
  return { kind: "retain", length: random.between(1, 5), attributes: random.pick(CHANGES_OF_FORMAT) };
}

function insertStep(random: SeededRandom, { text, rich = true }: OperationOptions): Step {
  const embed = rich && random.chance(0.08);
  const content = embed ? random.pick(EMBEDS) : (text?.() ?? random.pick(SCRAPS));
  const attributes = rich && random.chance(0.2) ? { attributes: random.pick(FORMATS) } : {};
  return { kind: "insert", content, ...attributes, continues: random.chance(0.3) };
}
