import type { ErrorData } from "@tutti/protocol";
import type { TransportKind } from "./routes.js";

/** How the connection of a client stands, for applications that show or log it. */
export interface ConnectionState {
  /**
   * "connecting": an attempt is under way; "offline": the next one comes at `retryAt`; "resting": there is nothing to
   * connect for; "stopped": nothing happens by itself any more, `error` says why.
   */
  readonly state: "connecting" | "connected" | "offline" | "resting" | "stopped";
  /** How messages travel; while there is no connection, how they will be tried to. */
  readonly transport: TransportKind;
  /** Milliseconds since 1970; only while "offline". */
  readonly retryAt: number | undefined;
  /** Only while "stopped". With the code `unauthenticated`, `setToken` goes on; after any other there is no way back. */
  readonly error: ErrorData | undefined;
}

export function sameConnection(one: ConnectionState, other: ConnectionState): boolean {
  return (
    one.state === other.state &&
    one.transport === other.transport &&
    one.retryAt === other.retryAt &&
    one.error === other.error
  );
}
