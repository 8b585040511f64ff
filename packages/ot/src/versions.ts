import { equalJson, type JsonValue } from "./attributes.js";
import { compose } from "./compose.js";
import type { Document } from "./document.js";
import { applyWithEmbeds } from "./embed-edits.js";
import { type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
import { OperationError } from "./errors.js";
import { invert } from "./invert.js";
import type { Operation } from "./operation.js";
import type { Order, TransformOptions } from "./order.js";
import { transform } from "./transform.js";

/**
 * The functions whose results all replicas of a document must agree on, under a number (E10). A change that makes any
 * of them give another result for any input is a new version; a change that only makes them faster is not.
 */
export interface Engine {
  readonly version: number;
  readonly transform: (a: Operation, b: Operation, order: Order, options?: TransformOptions) => Operation;
  readonly compose: (first: Operation, second: Operation, embeds?: EmbedTypes) => Operation;
  readonly invert: (operation: Operation, base: Document, embeds?: EmbedTypes) => Operation;
  readonly apply: (document: Document, operation: Operation, embeds?: EmbedTypes) => Document;
}

/** Of this engine. */
export const ENGINE_VERSION = 1;

/** This engine. */
export const ENGINE: Engine = {
  version: ENGINE_VERSION,
  transform,
  compose,
  invert,
  apply: (document, operation, embeds = NO_EMBED_TYPES) => applyWithEmbeds(document, operation, embeds),
};

/** The versions that a process can run side by side: documents name the one that they are made with. */
export class EngineVersions {
  readonly #engines: ReadonlyMap<number, Engine>;

  /** @throws RangeError for two engines of one version */
  constructor(engines: readonly Engine[]) {
    this.#engines = new Map(engines.map((engine) => [engine.version, engine]));
    if (this.#engines.size < engines.length) throw new RangeError("two engines of one version");
  }

  /** In ascending order. */
  get versions(): readonly number[] {
    return [...this.#engines.keys()].sort((a, b) => a - b);
  }

  /** @throws OperationError `unsupported_version` */
  get(version: number): Engine {
    const engine = this.#engines.get(version);
    if (engine !== undefined) return engine;
    throw new OperationError("unsupported_version", `engine ${version}, here are ${this.versions.join(", ")}`);
  }
}

/** What an engine made of some arguments: a result or an error, both as JSON. */
export type Outcome = { readonly result: JsonValue } | { readonly error: string };

/** Two engines that do not agree, with all that is needed to see it again. */
export interface Difference {
  readonly function: "transform" | "compose" | "invert" | "apply";
  /** Documents as Deltas. Handlers of embeds are left out: only the names of the kinds are told. */
  readonly arguments: readonly JsonValue[];
  readonly primary: { readonly version: number; readonly outcome: Outcome };
  readonly candidate: { readonly version: number; readonly outcome: Outcome };
}

/**
 * Shadow mode (E10): an engine that does what `primary` does, runs `candidate` on the same arguments beside it, and
 * reports where they differ. Whatever the candidate or the report does, the caller gets what `primary` gives (or its
 * error). Costs what both cost.
 */
export function shadow(primary: Engine, candidate: Engine, report: (difference: Difference) => void): Engine {
  type Name = Difference["function"];
  const watch =
    <Arguments extends readonly unknown[], Result extends Operation | Document>(
      name: Name,
      first: (...args: Arguments) => Result,
      second: (...args: Arguments) => Result,
    ) =>
    (...args: Arguments): Result => {
      const attempt = tried(() => first(...args));
      quietly(() => {
        const [one, other] = [outcomeOf(attempt), outcomeOf(tried(() => second(...args)))];
        if (equalJson(one, other)) return;
        report({
          function: name,
          arguments: args.map(toJson),
          primary: { version: primary.version, outcome: one },
          candidate: { version: candidate.version, outcome: other },
        });
      });
      if ("error" in attempt) throw attempt.error;
      return attempt.result;
    };
  return {
    version: primary.version,
    transform: watch("transform", primary.transform, candidate.transform),
    compose: watch("compose", primary.compose, candidate.compose),
    invert: watch("invert", primary.invert, candidate.invert),
    apply: watch("apply", primary.apply, candidate.apply),
  };
}

type Attempt<Result> = { readonly result: Result } | { readonly error: unknown };

function tried<Result>(attempt: () => Result): Attempt<Result> {
  try {
    return { result: attempt() };
  } catch (error) {
    return { error };
  }
}

/** A broken report must not break editing. */
function quietly(act: () => void): void {
  tried(act);
}

/** Errors are equal when their codes are: the sentence is for people. */
function outcomeOf(attempt: Attempt<Operation | Document>): Outcome {
  if ("result" in attempt) return { result: toJson(attempt.result) };
  return { error: attempt.error instanceof OperationError ? attempt.error.code : String(attempt.error) };
}

function toJson(value: unknown): JsonValue {
  if (typeof value === "object" && value !== null && "toDelta" in value) return (value as Document).toDelta() as never;
  if (value instanceof Map) return [...value.keys()].map(String);
  if (typeof value === "object" && value !== null && "embeds" in value)
    return { ...value, embeds: toJson(value.embeds) };
  return (value ?? null) as JsonValue;
}
