import { type ClientOptions, type DocumentHandle, TuttiClient } from "@tutti/client";

/** What the simulator needs of a client. */
export interface SimulatedClient {
  open(id: string): DocumentHandle;
  close(): void;
}

/** Makes a client: the real one, or one broken on purpose. */
export type ClientFactory = (options: ClientOptions) => SimulatedClient;

export const realClient: ClientFactory = (options) => new TuttiClient(options);
