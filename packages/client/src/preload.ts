import { loadPresenceCode } from "./presence/deferred-presence.js";

/**
 * Loads now what the client otherwise loads once the first text is there: for an app that is to work without network from
 * then on, and for tests that can't wait. Rejects when it can't be loaded; the client tries again by itself.
 */
export async function preload(): Promise<void> {
  await loadPresenceCode();
}
