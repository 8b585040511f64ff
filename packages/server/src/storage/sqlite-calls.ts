import type { SqliteSettings } from "./sqlite-connection.js";
import type { SqliteDatabase } from "./sqlite-database.js";
import type { StoreErrorCode } from "./store.js";

/** What the main thread and the worker say to each other. */
export type Method = keyof SqliteDatabase;
export type Arguments<M extends Method> = Parameters<SqliteDatabase[M]>;
export type Result<M extends Method> = ReturnType<SqliteDatabase[M]>;

export type WorkerSettings = SqliteSettings;

export interface Call {
  /** 1, 2, 3 …; the reply carries the same. */
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: StoreErrorCode; readonly message: string } };

/** The id of the reply that tells whether the database could be opened. */
export const OPENED = 0;
