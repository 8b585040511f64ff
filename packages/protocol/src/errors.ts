import type { OperationErrorCode } from "@tutti/ot";

/**
 * Every error that crosses the wire (WebSocket or HTTP), and whether the same request may succeed later. The codes are
 * stable; `ERROR_MEANINGS` says in words what each of them means.
 */
export const ERROR_KINDS = {
  malformed_frame: { retry: false },
  unknown_message: { retry: false },
  invalid_message: { retry: false },
  frame_too_large: { retry: false },
  unexpected_message: { retry: false },
  unauthenticated: { retry: false },
  forbidden: { retry: false },
  not_found: { retry: false },
  invalid_request: { retry: false },
  author_forged: { retry: false },
  future_version: { retry: false },
  sequence_gap: { retry: false },
  operation_malformed: { retry: false },
  operation_out_of_range: { retry: false },
  operation_too_large: { retry: false },
  operation_too_deep: { retry: false },
  surrogate_split: { retry: false },
  lone_surrogate: { retry: false },
  document_too_large: { retry: false },
  replaced: { retry: false },
  too_many_errors: { retry: false },
  storage_unavailable: { retry: true },
  rate_limited: { retry: true },
  suspended: { retry: true },
  too_many_connections: { retry: true },
  quota_exceeded: { retry: true },
  overloaded: { retry: true },
  shutting_down: { retry: true },
  internal: { retry: true },
} as const satisfies Record<string, { readonly retry: boolean }>;

export type ErrorCode = keyof typeof ERROR_KINDS;
export const ERROR_CODES = Object.keys(ERROR_KINDS) as readonly ErrorCode[];

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

  /** @param retry only for codes of a newer peer, which this version doesn't know; known codes decide themselves */
  constructor(code: ErrorCode, message: string, retryAfter?: number, retry = false) {
    super(message);
    this.name = "TuttiError";
    this.code = code;
    this.retryAfter = retryAfter;
    this.retry = Object.hasOwn(ERROR_KINDS, code) ? ERROR_KINDS[code].retry : retry;
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
