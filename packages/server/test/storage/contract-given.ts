import { expect } from "vitest";
import { type Store, type StoredOperation, StoreError } from "../../src/storage/store.js";

/** One store under test, and what the suite can't do through the interface. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Another handle on the same data, after the first one was closed. */
  reopen(): Promise<Store>;
  /** Each of these flips one bit of what is stored. */
  damageOperation(document: string, version: number): Promise<void>;
  damageSnapshot(document: string, version: number): Promise<void>;
  /** Of the row that says where a client is. */
  damageClient(document: string, client: string): Promise<void>;
  damageSegment(document: string, first: number): Promise<void>;
  damageChunk(document: string, name: string): Promise<void>;
}

/** What the parts of the suite work with; new for every test. */
export interface Given {
  readonly under: StoreUnderTest;
  readonly store: Store;
  /** A document with `typed` 1 … version, owned under epoch 1. */
  documentWith(id: string, version: number): Promise<void>;
  log(id: string): Promise<readonly StoredOperation[]>;
}

export const ALL = Number.POSITIVE_INFINITY;

export async function expectCode(call: Promise<unknown>, code: StoreError["code"]): Promise<void> {
  await expect(call).rejects.toSatisfy(
    (error) => error instanceof StoreError && error.code === code,
    `a StoreError ${code}`,
  );
}
