import { type ClientOptions, preload, TuttiClient } from "@tutti/client";
import { keepOffline, type OfflineStore } from "@tutti/client/offline";

// Loading takes real time, and nothing here may.
await preload();

/** What the simulator needs of a client. */
export type SimulatedClient = Pick<TuttiClient, "open" | "on" | "setToken" | "close">;

/**
 * Makes a client: the real one, or one broken on purpose.
 * @param store what its device offers; undefined: nothing
 */
export type ClientFactory = (options: ClientOptions, store: OfflineStore | undefined) => SimulatedClient;

export const realClient: ClientFactory = (options, store) =>
  new TuttiClient(store === undefined ? options : { ...options, offline: keepOffline(store) });
