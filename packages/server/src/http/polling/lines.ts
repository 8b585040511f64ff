import { TuttiError } from "@tutti/protocol";

export const POLL_PATH = "/v1/poll";
/** A body is lines of text: the first one is about the exchange, each of the others is one message. */
export const LINES = "application/x-ndjson";
/** Names the session of a request; not in the address, so that no log holds it. */
export const SESSION_HEADER = "tutti-session";

/** What a client asks for. */
export interface PollRequest {
  /** Opens a session: what is spoken on it. */
  readonly subprotocol?: string | undefined;
  /** The number of the first message that follows; they are counted from 1. */
  readonly from?: number | undefined;
  /** The newest message of the server that has arrived. */
  readonly received?: number | undefined;
  /** Asks for messages, and how long (ms) to wait for them. */
  readonly wait?: number | undefined;
  /** Ends the session, after the messages that follow. */
  readonly close?: { readonly code: number; readonly reason: string } | undefined;
  readonly frames: readonly string[];
}

/** @throws TuttiError `invalid_request` naming the field */
export function readLines(body: string): PollRequest {
  const [first = "", ...frames] = body.split("\n");
  // A line break at the end is no message.
  if (frames.at(-1) === "") frames.pop();
  const fields = objectIn(first);
  return {
    subprotocol: typeof fields["subprotocol"] === "string" ? fields["subprotocol"] : undefined,
    from: counter(fields, "from", 1),
    received: counter(fields, "received", 0),
    wait: counter(fields, "wait", 0),
    close: closing(fields["close"]),
    frames,
  };
}

export const writeLines = (head: object, frames: readonly string[] = []): string =>
  [JSON.stringify(head), ...frames].join("\n");

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Refused below.
  }
  throw new TuttiError("invalid_request", "the first line: expected a JSON object");
}

function counter(fields: Readonly<Record<string, unknown>>, name: string, least: number): number | undefined {
  const value = fields[name];
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= least))
    return value as number | undefined;
  throw new TuttiError("invalid_request", `${name}: expected an integer from ${least}`);
}

function closing(value: unknown): PollRequest["close"] {
  if (value === undefined) return undefined;
  const { code, reason } = (value ?? {}) as { readonly code?: unknown; readonly reason?: unknown };
  if (Number.isSafeInteger(code) && typeof reason === "string") return { code: Number(code), reason };
  throw new TuttiError("invalid_request", "close: expected { code, reason }");
}
