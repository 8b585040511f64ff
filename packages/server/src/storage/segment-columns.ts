import { ByteReader, ByteWriter } from "@tutti/ot";

/*
 * Columns of a segment: values of one kind, one after the other, so that a compressor finds what they have in common.
 */

/** Writes named columns; `finish` puts them one behind the other, each with its length in front. */
export class ColumnsWriter<Name extends string> {
  readonly #columns: ReadonlyMap<Name, ByteWriter>;

  /** @param names in the order in which they are written, and have to be read */
  constructor(names: readonly Name[]) {
    this.#columns = new Map(names.map((name) => [name, new ByteWriter()]));
  }

  column(name: Name): ByteWriter {
    return columnOf(this.#columns, name);
  }

  finish(): Uint8Array {
    const out = new ByteWriter();
    for (const column of this.#columns.values()) {
      const bytes = column.finish();
      out.varint(bytes.length);
      out.bytes(bytes);
    }
    return out.finish();
  }
}

/** Reads what `ColumnsWriter` wrote with the same names; anything else is an OperationError. */
export class ColumnsReader<Name extends string> {
  readonly #columns: ReadonlyMap<Name, ByteReader>;

  constructor(bytes: Uint8Array, names: readonly Name[]) {
    const input = new ByteReader(bytes);
    this.#columns = new Map(names.map((name) => [name, new ByteReader(input.bytes(input.varint()))]));
  }

  column(name: Name): ByteReader {
    return columnOf(this.#columns, name);
  }
}

/** Small numbers of either sign as small numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const fromZigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Distinct texts, numbered in the order in which they were first asked for. */
export class Dictionary {
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#indexes.size);
    return this.#indexes.size - 1;
  }

  /** As JSON, which also says where each text ends. */
  toBytes(): Uint8Array {
    return Buffer.from(JSON.stringify([...this.#indexes.keys()]));
  }
}

/** The texts of a dictionary, by their numbers. */
export function readDictionary(bytes: Uint8Array): readonly string[] {
  return JSON.parse(Buffer.from(bytes).toString()) as readonly string[];
}

function columnOf<Name, Column>(columns: ReadonlyMap<Name, Column>, name: Name): Column {
  const column = columns.get(name);
  if (column === undefined) throw new RangeError(`no column ${String(name)}`);
  return column;
}
