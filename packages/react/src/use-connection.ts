import type { ConnectionState } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";
import { useClient } from "./provider.js";

/** Before anything was opened, and on a server. */
const RESTING: ConnectionState = { state: "resting", transport: "websocket", retryAt: undefined, error: undefined };

/**
 * How the connection of the client stands, for all of its documents: whether there is one, when the next attempt comes,
 * and why it has stopped where it has. For a document, `useStatus` says what a person wants to know.
 *
 * @throws Error outside of a `TuttiProvider`
 */
export function useConnection(): ConnectionState {
  const client = useClient();
  const subscribe = useCallback((listener: () => void) => client.on("connection", listener), [client]);
  return useSyncExternalStore(
    subscribe,
    () => client.connection,
    () => RESTING,
  );
}
