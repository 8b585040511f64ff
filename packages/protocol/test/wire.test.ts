import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeWire, PROTOCOL_VERSION, SUBPROTOCOLS, WIRE_HASH } from "../src/index.js";
import { type AnyKind, DOWN, UP } from "../src/messages/directions.js";

const kinds = [...UP, ...DOWN] as unknown as readonly AnyKind[];

describe("the wire", () => {
  it("is that of this protocol version (if not: read the comment at WIRE_HASH)", () => {
    expect(createHash("sha256").update(describeWire()).digest("hex")).toBe(WIRE_HASH);
  });

  it("is named after its version", () => {
    expect(SUBPROTOCOLS).toEqual([`tutti.v${PROTOCOL_VERSION}`, `tutti.v${PROTOCOL_VERSION}+json`]);
  });

  it("has one code and one name for each message, below 64 so that a code is one byte", () => {
    expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length);
    expect(new Set(kinds.map(({ type }) => type)).size).toBe(kinds.length);
    expect(kinds.every(({ code }) => code >= 1 && code < 64)).toBe(true);
  });

  it("is described with every message, field, direction and order", () => {
    for (const { type, code, fields } of kinds) {
      expect(describeWire()).toMatch(
        new RegExp(`^(up|down) ${type}#${code}\\{${fields.map((f) => `${f}:.*`).join("")}\\}$`, "m"),
      );
    }
  });
});
