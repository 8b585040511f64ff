import type { Value } from "./postgres-values.js";

/**
 * The columns of a table, for the text of statements and for their values. They are named one by one everywhere: a newer
 * release may add columns while this one runs.
 */
export class Columns<Row extends object> {
  readonly #names: readonly (keyof Row & string)[];
  /** All of them, as in `SELECT`. */
  readonly list: string;
  /** `$1`, `$2`, … for `values`. */
  readonly parameters: string;

  constructor(...names: readonly (keyof Row & string)[]) {
    this.#names = names;
    // "user" is a word of the language.
    this.list = names.map((name) => `"${name}"`).join(", ");
    this.parameters = names.map((_, index) => `$${index + 1}`).join(", ");
  }

  values(row: Row): readonly Value[] {
    return this.#names.map((name) => row[name] as Value);
  }

  /** For `ON CONFLICT … DO UPDATE SET`: everything takes the values of the row that was to be inserted. */
  get excluded(): string {
    return this.#names.map((name) => `"${name}" = excluded."${name}"`).join(", ");
  }
}
