/** The share of what a server lets in that is planned for: people come who were not told, and documents have to be read. */
const PLANNED = 0.8;

/**
 * When each of `clients` may come back, in milliseconds from now: evenly spread, so that a restart is no storm (S9). As
 * much of the window is used as the pace asks for at which a server lets people in: five people don't wait a minute for a
 * server that is back in two seconds, thousands get the whole window.
 *
 * @param window upper bound, in milliseconds
 * @param perSecond connections that a server lets in in one second
 */
export function reconnectTimes(clients: number, window: number, perSecond: number): readonly number[] {
  const spread = Math.min(window, (clients / (perSecond * PLANNED)) * 1000);
  return Array.from({ length: clients }, (_, index) => Math.round((spread * (index + 1)) / clients));
}
