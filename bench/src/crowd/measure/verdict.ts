import type { Replica } from "../crews/replica.js";
import { digest } from "../crews/replica.js";

/** Whether all replicas are what the server has. */
export interface Verdict {
  readonly replicas: number;
  readonly equal: boolean;
  readonly version: number;
}

/** @param server what the server gives out as the newest content @param replicas of everybody */
export function compare(
  server: { readonly version: number; readonly checksum: number; readonly text: string },
  replicas: readonly Replica[],
): Verdict {
  const text = digest(server.text);
  const equal = replicas.every(
    (replica) => replica.version === server.version && replica.checksum === server.checksum && replica.text === text,
  );
  return { replicas: replicas.length, equal, version: server.version };
}
