import type { Operation } from "@tutti/ot";
import type { ErrorCode } from "./errors.js";

/** Describes and checks one kind of value. `describe` is stable text: a hash over it guards the wire format. */
export interface Schema<T> {
  readonly describe: string;
  readonly optional?: true;
  /** @returns undefined when `value` fits, else what was expected where */
  problem(value: unknown, path: string): string | undefined;
  /** Carries the type; never set. */
  readonly type?: T;
}
export type TypeOf<S> = S extends Schema<infer T> ? T : never;
export type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
export type FieldsOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: TypeOf<F[K]> | undefined };

function schema<T>(describe: string, fits: (value: unknown) => boolean): Schema<T> {
  return { describe, problem: (value, path) => (fits(value) ? undefined : `${path}: expected ${describe}`) };
}

/** An integer from `minimum` up, exact in a double. */
export const integer = (minimum: number): Schema<number> =>
  schema(`integer>=${minimum}`, (value) => Number.isSafeInteger(value) && (value as number) >= minimum);

export const boolean: Schema<boolean> = schema("boolean", (value) => typeof value === "boolean");

/** Text of 1 to `longest` UTF-16 units. */
export const text = (longest: number): Schema<string> =>
  schema(`text<=${longest}`, (value) => typeof value === "string" && value.length > 0 && value.length <= longest);

export const oneOf = <const T extends string>(...values: readonly T[]): Schema<T> =>
  schema(values.join("|"), (value) => values.includes(value as T));

/** Error codes grow without a new protocol version: any text fits, an unknown code is for the log. */
export const errorCode: Schema<ErrorCode> = schema("error code", (value) => typeof value === "string");

/** A Delta from the other end that is still to be validated (`parseOperation`). */
export const untrustedOperation: Schema<readonly unknown[]> = schema("delta", Array.isArray);

/** A Delta that the server has validated. */
export const operation: Schema<Operation> = schema("delta", Array.isArray);

export function array<T>(item: Schema<T>): Schema<readonly T[]> {
  return {
    describe: `[${item.describe}]`,
    problem(value, path) {
      if (!Array.isArray(value)) return `${path}: expected a list`;
      for (const [index, entry] of value.entries()) {
        const problem = item.problem(entry, `${path}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

export function object<const F extends Fields>(fields: F): Schema<FieldsOf<F>> {
  const entries = Object.entries(fields);
  return {
    describe: `{${entries.map(([name, field]) => `${name}:${field.describe}`).join(",")}}`,
    problem(value, path) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path}: expected an object`;
      for (const [name, field] of entries) {
        const problem = field.problem((value as Record<string, unknown>)[name], `${path}.${name}`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** A field that may be left out (or null, as MessagePack writes a gap). */
export function optional<T>(inner: Schema<T>): Schema<T> & { readonly optional: true } {
  return {
    describe: `${inner.describe}?`,
    optional: true,
    problem: (value, path) => (value === undefined || value === null ? undefined : inner.problem(value, path)),
  };
}

/** A value or null. */
export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return {
    describe: `${inner.describe}|null`,
    problem: (value, path) => (value === null ? undefined : inner.problem(value, path)),
  };
}
