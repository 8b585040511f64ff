import { type ClientOptions, TuttiClient } from "@tutti/client";

/** What the simulator needs of a client. */
export type SimulatedClient = Pick<TuttiClient, "open" | "on" | "setToken" | "close">;

/** Makes a client: the real one, or one broken on purpose. */
export type ClientFactory = (options: ClientOptions) => SimulatedClient;

export const realClient: ClientFactory = (options) => new TuttiClient(options);
