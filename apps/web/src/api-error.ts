import type { ErrorCode, ErrorData } from "@tutti/protocol";

/** `unreachable`: no answer at all; `unreadable`: an answer that is not of this API. */
export type ApiErrorCode = ErrorCode | "unreachable" | "unreadable";

/** A call of the HTTP API that failed. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;

  /** `status`: of the HTTP answer; 0 when there was none. */
  constructor(code: ApiErrorCode, message: string, status: number) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/** The error that an answer carries. Proxies answer in their own words, so the body may be anything. */
export function readApiError(status: number, body: unknown): ApiError {
  const data = findErrorData(body);
  if (data !== null) return new ApiError(data.code, data.message, status);
  if (status === 401) return new ApiError("unauthenticated", "The server asks for a sign-in.", status);
  if (status === 404) return new ApiError("not_found", "There is nothing at this address.", status);
  return new ApiError("unreadable", `The server answered with status ${status}.`, status);
}

function findErrorData(body: unknown): ErrorData | null {
  if (typeof body !== "object" || body === null) return null;
  if ("error" in body) return findErrorData(body.error);
  return isErrorData(body) ? body : null;
}

function isErrorData(value: object): value is ErrorData {
  return "code" in value && typeof value.code === "string" && "message" in value && typeof value.message === "string";
}
