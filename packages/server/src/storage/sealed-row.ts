import { crc32 } from "node:zlib";
import { damaged } from "./rows.js";

type Value = string | number | Uint8Array | null;

/** The columns of a row without its checksum. */
export type Columns = Readonly<Record<string, Value>>;
export type Sealed<Row> = Row & { readonly row_checksum: number };

/**
 * The row with a CRC-32 over names, types, lengths and values of its columns. NULL counts for nothing, so that a row is
 * whole as it is when a later release adds a column.
 * @param except columns that may change by themselves
 */
export function sealed<Row extends Columns>(row: Row, ...except: readonly (keyof Row)[]): Sealed<Row> {
  return { ...row, row_checksum: checksumOf(row, except) };
}

/**
 * The row, once it is known that it is as `sealed` made it.
 * @throws StoreError `damaged`
 */
export function unsealed<Row extends Columns>(
  { row_checksum, ...columns }: Sealed<Row>,
  what: string,
  ...except: readonly (keyof Row)[]
): Row {
  const row = columns as unknown as Row;
  if (checksumOf(row, except) !== row_checksum) throw damaged(what);
  return row;
}

function checksumOf(row: Columns, except: readonly PropertyKey[]): number {
  let sum = 0;
  // What stands next to each other is summed at once: it is the calls that take the time.
  let text = "";
  for (const name of Object.keys(row).sort()) {
    const value = row[name];
    if (value === null || value === undefined || except.includes(name)) continue;
    const content = typeof value === "number" ? String(value) : value;
    text += `${name} ${typeof value} ${content.length}:`;
    if (typeof content === "string") text += content;
    else {
      sum = crc32(content, crc32(text, sum));
      text = "";
    }
  }
  return crc32(text, sum);
}
