import { TuttiClient } from "@tutti/client";
import { deviceStoreOf } from "../offline/device-store.js";
import { recallVisibility } from "../people/visibility-store.js";
import { lastingToken } from "./lasting-token.js";
import type { Session } from "./session.js";

let current: { readonly user: string; readonly client: TuttiClient } | null = null;

/** The connection of a person: one for the whole tab, made when it is first needed. It outlives their token. */
export function clientFor(session: Session): TuttiClient {
  if (current?.user === session.user.id) return current.client;
  closeClient();
  const client = new TuttiClient({
    url: location.origin,
    token: () => lastingToken(session),
    offline: deviceStoreOf(session),
    visibility: () => recallVisibility(session),
  });
  current = { user: session.user.id, client };
  return client;
}

/** Ends the connection, if there is one. */
export function closeClient(): void {
  current?.client.close();
  current = null;
}
