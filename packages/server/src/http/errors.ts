import { type ErrorCode, TuttiError } from "@tutti/protocol";
import type { FastifyInstance } from "fastify";
import { errorFields, type Log } from "../log.js";
import { StoreError, type StoreErrorCode } from "../storage/store.js";

const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  viewing_only: 403,
  not_found: 404,
  future_version: 404,
  frame_too_large: 413,
  operation_too_large: 413,
  document_too_large: 413,
  rate_limited: 429,
  suspended: 429,
  too_many_connections: 429,
  quota_exceeded: 429,
  overloaded: 429,
  storage_unavailable: 503,
  shutting_down: 503,
};

/** What may be over when it is tried again. */
const PASSING: ReadonlySet<StoreErrorCode> = new Set(["unavailable", "archive_unavailable"]);

/** Every error leaves as `{ error: ErrorData }` with the matching status, and `Retry-After` where waiting helps. */
export function useTypedErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (thrown: Error, _request, reply) => {
    const error = asTuttiError(thrown, log);
    if (error.retryAfter !== undefined) reply.header("retry-after", Math.ceil(error.retryAfter / 1000));
    return reply.code(STATUS[error.code] ?? 500).send({ error: error.toData() });
  });
}

function asTuttiError(thrown: Error, log: Log): TuttiError {
  if (thrown instanceof TuttiError) return thrown;
  if (thrown instanceof StoreError && PASSING.has(thrown.code)) {
    return new TuttiError("storage_unavailable", "storage does not answer; try again", 1000);
  }
  const status = "statusCode" in thrown ? Number(thrown.statusCode) : 500;
  if (status === 413) return new TuttiError("frame_too_large", "the body is too large");
  if (status >= 400 && status < 500) return new TuttiError("invalid_request", thrown.message);
  log.error("a request failed", errorFields(thrown));
  return new TuttiError("internal", "the server failed; it is logged");
}
