import { CLOSE_CODES, type ErrorCode } from "@tutti/protocol";

/** How a connection ends for the errors that end one. */
const EXPULSIONS: Partial<Record<ErrorCode, number>> = {
  unauthenticated: CLOSE_CODES.unauthenticated,
  suspended: CLOSE_CODES.suspended,
  too_many_connections: CLOSE_CODES.overloaded,
  rate_limited: CLOSE_CODES.overloaded,
  overloaded: CLOSE_CODES.overloaded,
};

export const closeCodeFor = (code: ErrorCode): number => EXPULSIONS[code] ?? CLOSE_CODES.goingAway;
