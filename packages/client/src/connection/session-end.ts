import { CLOSE_CODES, type ErrorCode, type ErrorData, isPermanentClose, TuttiError } from "@tutti/protocol";

/** How a session ended, or that it never began. */
export type SessionEnd =
  /** Trying again may help. */
  | {
      readonly kind: "lost";
      /** Milliseconds that the server wants to be left alone. */
      readonly retryAfter: number;
      /** Of the server's own accord it is then our turn: coming later would be no better (S10). */
      readonly reserved?: boolean;
      /** What a person should know of it. */
      readonly error: ErrorData | undefined;
    }
  /** The server closed it, because nothing happened (C11). */
  | { readonly kind: "idle" }
  /** The server does not take the token, or takes it no longer. */
  | { readonly kind: "unauthenticated"; readonly error: ErrorData }
  /** The server would refuse this client again. */
  | { readonly kind: "pointless"; readonly error: ErrorData };

/** @param complaint the last thing that the server, or the transport, had against it */
export function endOf(code: number, reason: string, complaint: ErrorData | undefined): SessionEnd {
  if (code === CLOSE_CODES.idle) return { kind: "idle" };
  if (isPermanentClose(code)) {
    const kind = code === CLOSE_CODES.unauthenticated ? "unauthenticated" : "pointless";
    return { kind, error: complaint ?? errorOf(code, reason) };
  }
  const worthTelling = complaint?.retry === false ? complaint : undefined;
  const reserved = complaint?.code === "overloaded" && (complaint.retryAfter ?? 0) > 0;
  return { kind: "lost", retryAfter: complaint?.retryAfter ?? 0, reserved, error: worthTelling };
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  [CLOSE_CODES.unauthenticated]: "unauthenticated",
  [CLOSE_CODES.misbehaved]: "too_many_errors",
};

function errorOf(code: number, reason: string): ErrorData {
  return new TuttiError(CODES[code] ?? "invalid_request", reason || `closed with code ${code}`).toData();
}
