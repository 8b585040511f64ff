import { TuttiClient } from "@tutti/client";
import { deviceStoreOf } from "../offline/device-store.js";
import type { Session } from "./session.js";

let current: { readonly token: string; readonly client: TuttiClient } | null = null;

/** The connection of a session: one for the whole tab, made when it is first needed. */
export function clientFor(session: Session): TuttiClient {
  if (current?.token === session.token) return current.client;
  closeClient();
  const client = new TuttiClient({
    url: location.origin,
    token: () => Promise.resolve(session.token),
    offline: deviceStoreOf(session),
  });
  current = { token: session.token, client };
  return client;
}

/** Ends the connection, if there is one. */
export function closeClient(): void {
  current?.client.close();
  current = null;
}
