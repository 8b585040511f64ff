import { Worker } from "node:worker_threads";
import type { PackedSegment } from "./packed-segment.js";
import { type StoredOperation, StoreError, type StoreErrorCode } from "./store.js";

type Answer =
  | { readonly packed: PackedSegment }
  | { readonly error: { readonly code: StoreErrorCode; readonly message: string } };

/**
 * `packOperations` in a thread of its own, which lives as long as that takes: packing happens every ten thousand
 * operations, and everybody else would wait for it.
 *
 * @throws StoreError as `packOperations`, and `unavailable` when the thread failed
 */
export function packInThread(url: URL, operations: readonly StoredOperation[]): Promise<PackedSegment> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new StoreError("unavailable", `the packing thread ${reason}`));
    // Loader flags of the main thread (of a test runner, say) are not for this one.
    const worker = new Worker(url, { workerData: operations, execArgv: [] });
    worker.once("message", (answer: Answer) => {
      if ("packed" in answer) resolve(answer.packed);
      else reject(new StoreError(answer.error.code, answer.error.message));
    });
    worker.once("error", (error) => fail(`failed: ${String(error)}`));
    worker.once("exit", () => fail("ended without an answer"));
  });
}
