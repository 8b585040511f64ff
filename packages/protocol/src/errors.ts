import type { OperationErrorCode } from "@tutti/ot";
import type { ERROR_KINDS } from "./error-kinds.js";

export type ErrorCode = keyof typeof ERROR_KINDS;

/** The codes of `ERROR_KINDS` that say "try again". */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>([
  "viewing_only",
  "storage_unavailable",
  "rate_limited",
  "suspended",
  "too_many_connections",
  "quota_exceeded",
  "overloaded",
  "shutting_down",
  "internal",
]);

/** An error as it travels. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** For people who debug; never parsed. */
  readonly message: string;
  readonly retry: boolean;
  /** Milliseconds to wait before trying again. */
  readonly retryAfter?: number | undefined;
}

/** Longest text of an error on the wire, in UTF-16 units. */
const LONGEST_MESSAGE = 2000;

/** The same error inside a process. */
export class TuttiError extends Error {
  readonly code: ErrorCode;
  /** Milliseconds to wait before trying again, where somebody knows. */
  readonly retryAfter: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;

  /** @param retry for codes of a newer peer, which this version doesn't know */
  constructor(code: ErrorCode, message: string, retryAfter?: number, retry = false) {
    super(message);
    this.name = "TuttiError";
    this.code = code;
    this.retryAfter = retryAfter;
    this.retry = PASSING.has(code) || retry;
  }

  /** As it travels: the text is clipped and well formed, whatever it quotes. */
  toData(): ErrorData {
    const message = this.message.slice(0, LONGEST_MESSAGE).replace(/\p{Surrogate}/gu, "\uFFFD");
    const data = { code: this.code, message: message === "" ? this.code : message, retry: this.retry };
    return this.retryAfter === undefined ? data : { ...data, retryAfter: this.retryAfter };
  }

  static fromData(data: ErrorData): TuttiError {
    return new TuttiError(data.code, data.message, data.retryAfter, data.retry);
  }
}

/** How a refused operation is called on the wire. */
export const OPERATION_ERRORS: Readonly<Record<OperationErrorCode, ErrorCode>> = {
  malformed: "operation_malformed",
  out_of_range: "operation_out_of_range",
  surrogate_split: "surrogate_split",
  lone_surrogate: "lone_surrogate",
  too_deep: "operation_too_deep",
  too_large: "operation_too_large",
  unsupported_version: "operation_malformed",
};
