import type { StoredOperation } from "../storage/store.js";

/** What is looked at of a committed operation. */
export type Commit = Pick<StoredOperation, "version" | "client" | "user" | "time" | "operation">;
