import type { Clock } from "@tutti/protocol";
import { OfflineStoreError } from "./offline-store.js";

/**
 * What `promise` comes to, unless that takes longer than `patience` milliseconds: storage that hangs must not hang the
 * document.
 * @param late told the value that came too late
 * @throws OfflineStoreError, whatever the promise was rejected with; "failed" when it took too long
 */
export function inTime<T>(clock: Clock, patience: number, promise: Promise<T>, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const over = clock.schedule(patience, () => {
      waiting = false;
      reject(new OfflineStoreError("failed", `storage gave no answer within ${patience} ms`));
    });
    promise.then(
      (value) => {
        over();
        if (waiting) resolve(value);
        else late?.(value);
      },
      (error: unknown) => {
        over();
        reject(offlineStoreError(error));
      },
    );
  });
}

function offlineStoreError(error: unknown): OfflineStoreError {
  if (error instanceof OfflineStoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new OfflineStoreError("failed", message, { cause: error });
}
