import type { Operation } from "@tutti/ot";
import { type ErrorCode, TuttiError } from "./errors.js";

/** Describes and checks one kind of value. `describe` is stable text: a hash over it guards the wire format. */
export interface Schema<T> {
  readonly describe: string;
  readonly optional?: true;
  /**
   * What a message may carry on of `value`: for an object only the fields of its schema, so that nothing a stranger
   * added travels further.
   * @param path where the value stands, for the error
   * @throws TuttiError `invalid_message`
   */
  read(value: unknown, path: string): T;
}
export type TypeOf<S> = S extends Schema<infer T> ? T : never;
export type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
export type FieldsOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: TypeOf<F[K]> | undefined };

function scalar<T>(describe: string, fits: (value: unknown) => boolean): Schema<T> {
  return {
    describe,
    read(value, path) {
      if (fits(value)) return value as T;
      throw mismatch(path, describe);
    },
  };
}

const mismatch = (path: string, expected: string): TuttiError =>
  new TuttiError("invalid_message", `${path}: expected ${expected}`);

/** An integer from `minimum` up, exact in a double. */
export const integer = (minimum: number): Schema<number> =>
  scalar(`integer>=${minimum}`, (value) => Number.isSafeInteger(value) && (value as number) >= minimum);

export const boolean: Schema<boolean> = scalar("boolean", (value) => typeof value === "boolean");

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Text of 1 to `longest` UTF-16 units. Half a surrogate pair is refused: UTF-8 can't hold it, so two names that differ
 * here would be one in storage.
 */
export const text = (longest: number): Schema<string> =>
  scalar(`text<=${longest}`, (value) => {
    return typeof value === "string" && value.length > 0 && value.length <= longest && !LONE_SURROGATE.test(value);
  });

export const oneOf = <const T extends string>(...values: readonly T[]): Schema<T> =>
  scalar(values.join("|"), (value) => values.includes(value as T));

/** Error codes grow without a new protocol version: any text fits, an unknown code is for the log. */
export const errorCode: Schema<ErrorCode> = scalar("error code", (value) => typeof value === "string");

/** What stands for the grammar of operations in the description of the wire: raise it with the grammar. */
const DELTA = "delta#1";

/** A Delta from the other end that is still to be validated (`parseOperation`). */
export const untrustedOperation: Schema<readonly unknown[]> = scalar(DELTA, Array.isArray);

/** A Delta that the server has validated. */
export const operation: Schema<Operation> = scalar(DELTA, Array.isArray);

export function array<T>(item: Schema<T>): Schema<readonly T[]> {
  return {
    describe: `[${item.describe}]`,
    read(value, path) {
      if (!Array.isArray(value)) throw mismatch(path, "a list");
      return value.map((entry: unknown, index) => item.read(entry, `${path}[${index}]`));
    },
  };
}

export function object<const F extends Fields>(fields: F): Schema<FieldsOf<F>> {
  const entries = Object.entries(fields);
  return {
    describe: `{${entries.map(([name, field]) => `${name}:${field.describe}`).join(",")}}`,
    read(value, path) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(path, "an object");
      const known: Record<string, unknown> = {};
      for (const [name, field] of entries) {
        const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
        const read = field.read(given, `${path}.${name}`);
        if (read !== undefined) known[name] = read;
      }
      return known as FieldsOf<F>;
    },
  };
}

/** A field that may be left out (or null, as MessagePack writes a gap); absent then. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> & { readonly optional: true } {
  return {
    describe: `${inner.describe}?`,
    optional: true,
    read: (value, path) => (value === undefined || value === null ? undefined : inner.read(value, path)),
  };
}

/** A value or null; it may not be left out. */
export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return {
    describe: `${inner.describe}|null`,
    read: (value, path) => (value === null ? null : inner.read(value, path)),
  };
}
