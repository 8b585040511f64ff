import Database from "better-sqlite3";
import type { FromLock, LockOrder } from "./messages.js";

// A process of its own that holds the write lock of a database for a while: nobody else can commit meanwhile.

const tell = (message: FromLock, then = (): void => undefined): void => {
  process.send?.(message, then);
};

function main({ file, milliseconds }: LockOrder): void {
  const connection = new Database(file, { timeout: 10_000 });
  connection.exec("BEGIN IMMEDIATE");
  tell({ type: "held" });
  setTimeout(() => {
    connection.exec("ROLLBACK");
    connection.close();
    tell({ type: "released" }, () => process.exit());
  }, milliseconds);
}

process.once("disconnect", () => process.exit());
process.once("message", (order: LockOrder) => main(order));
