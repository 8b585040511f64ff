import { OfflineStoreError, type OfflineStoreErrorCode } from "../offline-store.js";

const CODES: Readonly<Record<string, OfflineStoreErrorCode>> = {
  EACCES: "refused",
  EPERM: "refused",
  EROFS: "refused",
  ENOTDIR: "refused",
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
};

/** @throws OfflineStoreError instead of an error of the file system */
export async function mapped<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OfflineStoreError) throw error;
    const { message } = error as Error;
    throw new OfflineStoreError(CODES[codeOf(error) ?? ""] ?? "failed", message, { cause: error });
  }
}

/** As of Node, such as "ENOENT"; undefined for what is no error of the file system. */
export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
