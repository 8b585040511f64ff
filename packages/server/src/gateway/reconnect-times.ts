/** Reconnects a second that a server takes without strain: each one is a token to verify and documents to open. */
const RECONNECTS_PER_SECOND = 20;

/**
 * When each of `clients` may come back, in milliseconds from now: evenly spread, so that a restart is no storm (S9). As
 * much of the window is used as that rate asks for: five people don't wait a minute for a server that is back in two
 * seconds, thousands get the whole window.
 *
 * @param window upper bound, in milliseconds
 */
export function reconnectTimes(clients: number, window: number): readonly number[] {
  const spread = Math.min(window, (clients / RECONNECTS_PER_SECOND) * 1000);
  return Array.from({ length: clients }, (_, index) => Math.round((spread * (index + 1)) / clients));
}
