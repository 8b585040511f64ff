import { OperationError, type OperationErrorCode } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import {
  CLOSE_CODES,
  codecFor,
  ERROR_CODES,
  ERROR_KINDS,
  type ErrorCode,
  isPermanentClose,
  OPERATION_ERRORS,
  randomId,
  TuttiError,
} from "../src/index.js";

describe("TuttiError", () => {
  it("travels and comes back", () => {
    for (const code of ERROR_CODES) {
      const data = new TuttiError(code, "why", 5).toData();
      expect(data).toEqual({ code, message: "why", retry: ERROR_KINDS[code].retry, retryAfter: 5 });
      expect(TuttiError.fromData(data).toData()).toEqual(data);
      expect(new TuttiError(code, "why").toData()).not.toHaveProperty("retryAfter");
    }
  });

  it("keeps what a newer peer says about a code that is unknown here", () => {
    for (const code of ["brand_new", "constructor", "__proto__"] as unknown as readonly ErrorCode[]) {
      expect(TuttiError.fromData({ code, message: "later", retry: true }).retry).toBe(true);
      expect(TuttiError.fromData({ code, message: "later", retry: false }).retry).toBe(false);
    }
  });

  it("always fits into its message, whatever text it has", () => {
    for (const text of ["", "x".repeat(5_000), "half \uD800 a pair", `${"x".repeat(1_999)}😀`]) {
      const error = new TuttiError("internal", text).toData();
      for (const name of ["tutti.v1", "tutti.v1+json"] as const) {
        const codec = codecFor(name);
        expect(codec.decodeDown(codec.encode({ type: "failed", error }))).toEqual({ type: "failed", error });
      }
    }
  });

  it("has a name on the wire for every refused operation", () => {
    const codes: readonly OperationErrorCode[] = Object.keys(OPERATION_ERRORS) as OperationErrorCode[];
    for (const code of codes) expect(ERROR_CODES).toContain(OPERATION_ERRORS[new OperationError(code, "x").code]);
  });
});

describe("close codes", () => {
  it("are permanent from 4400 to 4499 only", () => {
    const permanent = Object.entries(CLOSE_CODES).filter(([, code]) => isPermanentClose(code));
    expect(permanent.map(([name]) => name)).toEqual(["unauthenticated", "unsupportedProtocol", "misbehaved"]);
    expect([1000, 1006, 4399, 4500].some(isPermanentClose)).toBe(false);
  });
});

describe("randomId", () => {
  it("has the wanted length and takes its letters from the random source alone", () => {
    let at = 0;
    const values = [0, 0.5, 0.999_999_999];
    const random = { next: () => values[at++ % values.length] ?? 0 };
    const id = randomId(random, 9);
    expect(id).toMatch(/^[0-9A-Za-z]{9}$/);
    at = 0;
    expect(randomId(random, 9)).toBe(id);
    expect(randomId({ next: () => 0.3 })).toHaveLength(16);
  });
});
