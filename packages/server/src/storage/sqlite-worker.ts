import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type Call, OPENED, type Reply, type WorkerSettings } from "./sqlite-calls.js";
import { openConnection } from "./sqlite-connection.js";
import { SqliteDatabase } from "./sqlite-database.js";
import { toStoreError } from "./sqlite-errors.js";

/** The thread that all SQL runs in: opens the database, then answers calls in the order they come. */
function serve(port: MessagePort, settings: WorkerSettings): void {
  let database: SqliteDatabase;
  const opened = attempt(OPENED, () => {
    database = new SqliteDatabase(openConnection(settings));
  });
  port.postMessage(opened);
  if ("error" in opened) return;
  port.on("message", ({ id, method, args }: Call) => {
    const run = database[method] as (...args: readonly unknown[]) => unknown;
    port.postMessage(attempt(id, () => run.apply(database, [...args])));
    // Without the port nothing keeps the thread alive.
    if (method === "close") port.close();
  });
}

function attempt(id: number, run: () => unknown): Reply {
  try {
    return { id, result: run() };
  } catch (error) {
    const { code, message } = toStoreError(error);
    return { id, error: { code, message } };
  }
}

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings);
