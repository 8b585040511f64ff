/**
 * Close codes of the WebSocket (RFC 6455 leaves 4000–4999 to applications). 4400–4499 are permanent: the same client
 * would be refused again. After any other code a client reconnects with backoff.
 */
export const CLOSE_CODES = {
  /** The peer is done; nothing is wrong. */
  normal: 1000,
  /** The server stops or restarts: reconnect soon. */
  goingAway: 1001,
  /** A frame beyond the size limit. */
  frameTooLarge: 1009,
  /** Sign in again. */
  unauthenticated: 4401,
  /** No common protocol version: the client is too old or too new. */
  unsupportedProtocol: 4406,
  /** Too many malformed or forbidden messages. */
  misbehaved: 4429,
  /** No `hello` in time. */
  helloTimeout: 4000,
  /** Nothing heard for too long. */
  silent: 4001,
  /** Too much, too often: come back when `retryAfter` of the last `failed` has passed. */
  suspended: 4002,
  /** The server, or the quota of a person, is full: come back later. */
  overloaded: 4003,
  /** Nothing happened for a while, and nothing is wrong: reconnect when there is something to do (C11). */
  idle: 4004,
} as const;

/** True when reconnecting with the same credentials and version is pointless. */
export const isPermanentClose = (code: number): boolean => code >= 4400 && code <= 4499;
