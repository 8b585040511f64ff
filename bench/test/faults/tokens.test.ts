import { describe, expect, it } from "vitest";
import { auditTokens, tokenOf } from "../../src/index.js";

const acknowledged = new Map([
  [0, 2],
  [1, 1],
]);

describe("the audit of a text", () => {
  it("is content with every acknowledged token once, and with others that were not acknowledged", () => {
    const text = [tokenOf(1, 1), tokenOf(0, 2), tokenOf(0, 1), tokenOf(0, 3)].join("");
    expect(auditTokens(text, acknowledged)).toEqual({ found: 4, missing: [], doubled: [], strange: [] });
  });

  it("finds an acknowledged token that is missing", () => {
    expect(auditTokens("0.1;1.1;", acknowledged).missing).toEqual(["0.2;"]);
    expect(auditTokens("", acknowledged)).toEqual({
      found: 0,
      missing: ["0.1;", "0.2;", "1.1;"],
      doubled: [],
      strange: [],
    });
  });

  it("finds a token that is there twice, acknowledged or not", () => {
    expect(auditTokens("0.1;0.2;0.2;1.1;1.2;1.2;", acknowledged).doubled).toEqual(["0.2;", "1.2;"]);
  });

  it("finds what is no token, and tokens of somebody who does not write here", () => {
    expect(auditTokens("0.1;0.2;1.1;0.", acknowledged).strange).toEqual(["0."]);
    expect(auditTokens("0.0.1;2;0.2;0.1;1.1;7.1;", acknowledged).strange).toEqual(["0.0.1;", "2;", "7.1;"]);
  });
});
