import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Puts a file with these bytes in the place of `file`, atomically and durably. @returns it, open for reading and writing */
export async function replaceFile(file: string, bytes: readonly Uint8Array[]): Promise<FileHandle> {
  const draft = `${file}.draft`;
  const handle = await open(draft, "w+");
  try {
    let position = 0;
    for (const part of bytes) {
      await handle.write(part, 0, part.length, position);
      position += part.length;
    }
    await handle.datasync();
    await rename(draft, file);
    await syncFolder(dirname(file));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What was created, renamed or deleted in a folder stays so when the power fails. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
