import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const BYTES = 32;

/** The secret of the data folder, made at the first start, readable by its owner only. */
export async function readSecret(folder: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "secret");
  try {
    // "wx" fails when the file is there, so that two servers starting at once agree on one secret.
    await writeFile(file, randomBytes(BYTES).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") throw error;
  }
  return Buffer.from((await readFile(file, "utf8")).trim(), "hex");
}
