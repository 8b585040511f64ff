import { TuttiError } from "@tutti/protocol";
import { type PollRequest, writeLines } from "./lines.js";
import type { PollingSession } from "./session.js";
import type { PollingSessions } from "./sessions.js";

/** Longest time that a poll is held, in milliseconds: below what proxies allow, which is 30 s at the least. */
const LONGEST_WAIT = 25_000;

/**
 * Opens a session.
 * @param address where the client connects from, where somebody knows
 * @returns the answer: its id, and how long a poll may take
 * @throws TuttiError `invalid_request`, or as `Guard.admit` does
 */
export function open({ subprotocol }: PollRequest, sessions: PollingSessions, address: string | undefined): string {
  if (subprotocol !== "tutti.v1+json") {
    throw new TuttiError("invalid_request", 'subprotocol: expected "tutti.v1+json"');
  }
  return writeLines({ session: sessions.open(address), wait: LONGEST_WAIT });
}

/**
 * Does what a request in a session asks for: takes messages, closes, waits for messages.
 * @returns the answer
 * @throws TuttiError `invalid_request`
 */
export async function exchange(asked: PollRequest, session: PollingSession): Promise<string> {
  const { from, frames, close, wait, received = 0 } = asked;
  const taken = from === undefined ? undefined : { received: await session.take(from, frames) };
  if (close !== undefined) session.hangUp(close.code, close.reason);
  if (wait === undefined || close !== undefined) return writeLines({ ...taken });
  const { frames: brought, ...head } = await session.poll(received, Math.min(wait, LONGEST_WAIT));
  return writeLines({ ...taken, ...head }, brought);
}
