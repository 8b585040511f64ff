import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Environment } from "../../replay/own-server.js";

const COMMAND = fileURLToPath(new URL("../../../../packages/server/bin/tutti.js", import.meta.url));
const run = promisify(execFile);

/**
 * Has the server's own command replay every document from its first operation.
 * @returns what it complains of; nothing when it is content
 */
export async function verifyData(data: string, environment: Environment): Promise<readonly string[]> {
  const env = { ...process.env, ...environment };
  try {
    await run(process.execPath, [COMMAND, "verify", "--data", data], { env, maxBuffer: 64 * 1024 * 1024 });
    return [];
  } catch (error) {
    return [`tutti verify: ${error instanceof Error ? error.message : String(error)}`];
  }
}
