import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openConnection } from "./sqlite-connection.js";

const COMMITS = 21;

/**
 * How long a durable commit takes in a folder, with the settings of the real database.
 * @param now a clock with fractions of milliseconds
 * @returns the median of some, in milliseconds
 */
export function measureCommit(folder: string, now: () => number): number {
  const scratch = mkdtempSync(join(folder, "measuring-"));
  try {
    const connection = openConnection({ file: join(scratch, "scratch.sqlite") });
    connection.exec("CREATE TABLE measured (value INTEGER)");
    const insert = connection.prepare("INSERT INTO measured VALUES (?)");
    const times = Array.from({ length: COMMITS }, (_, value) => {
      const started = now();
      insert.run(value);
      return now() - started;
    });
    connection.close();
    return times.toSorted((a, b) => a - b)[Math.floor(COMMITS / 2)] ?? 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
