import { isInsert, type Operation } from "@tutti/ot";
import { documents, operationsOn, SeededRandom } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { connectAddress } from "../src/address.js";
import { colourOf, PALETTE } from "../src/colour.js";
import { Backoff } from "../src/connection/backoff.js";
import { splitOperation } from "../src/document/splitting.js";
import { Emitter } from "../src/emitter.js";

describe("connectAddress", () => {
  it.each([
    ["http://127.0.0.1:4400", "ws://127.0.0.1:4400/v1/connect"],
    ["http://127.0.0.1:4400/", "ws://127.0.0.1:4400/v1/connect"],
    ["https://example.org/tutti", "wss://example.org/tutti/v1/connect"],
    ["https://example.org/a/b//", "wss://example.org/a/b/v1/connect"],
    ["ws://localhost", "ws://localhost/v1/connect"],
    ["WSS://[::1]:80/", "wss://[::1]:80/v1/connect"],
  ])("%s → %s", (url, address) => {
    expect(connectAddress(url)).toBe(address);
  });

  it.each(["", "example.org", "ftp://example.org", "http://", "http://a b", "http://example.org/?x=1", "/v1"])(
    "refuses %j",
    (url) => {
      expect(() => connectAddress(url)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    },
  );
});

describe("colourOf", () => {
  /** Relative luminance, WCAG 2.1. */
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  it.each([...PALETTE])("%s can be read with white text on it", (colour) => {
    expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  it("is the same for one person, and spreads over the palette", () => {
    expect(colourOf("guest-1")).toBe(colourOf("guest-1"));
    expect(new Set(Array.from({ length: 200 }, (_, index) => colourOf(`guest-${index}`))).size).toBe(PALETTE.length);
  });
});

describe("Backoff", () => {
  it("stays within ± 25 % and below the limit", () => {
    const backoff = new Backoff(new SeededRandom(3));
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const nominal = Math.min(1000 * 2 ** attempt, 60_000);
      const delay = backoff.next();
      expect(delay).toBeGreaterThanOrEqual(nominal * 0.75);
      expect(delay).toBeLessThanOrEqual(nominal * 1.25);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(1250);
    expect(backoff.next(9000)).toBe(9000);
  });
});

describe("Emitter", () => {
  it("tells until the listener is removed, also when one function listens twice", () => {
    const emitter = new Emitter<{ a: number }>();
    const listener = vi.fn();
    const stop = emitter.on("a", listener);
    emitter.on("a", listener);
    emitter.emit("a", 1);
    stop();
    stop();
    emitter.emit("a", 2);
    expect(listener.mock.calls).toEqual([[1], [1], [2]]);
  });

  it("goes on when a listener throws, and lets the error surface", async () => {
    const emitter = new Emitter<{ a: number }>();
    const heard = vi.fn();
    const surfaced = vi.fn();
    const queue = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
      expect(task).toThrow("broken");
      surfaced();
    });
    emitter.on("a", () => {
      throw new Error("broken");
    });
    emitter.on("a", heard);
    emitter.emit("a", 1);
    emitter.emit("a", 2);
    queue.mockRestore();
    expect(heard.mock.calls).toEqual([[1], [2]]);
    expect(surfaced).toHaveBeenCalledTimes(2);
  });
});

describe("splitOperation", () => {
  const documentAndOperation = documents().chain((document) => fc.tuple(fc.constant(document), operationsOn(document)));

  it("cuts in two parts which, applied in turn, have the effect of the whole", () => {
    fc.assert(
      fc.property(documentAndOperation, fc.integer({ min: 1, max: 120 }), ([document, operation], budget) => {
        const expected = document.apply(operation);
        let current = document;
        let rest: Operation | undefined = operation;
        for (let parts = 0; rest !== undefined; parts += 1) {
          expect(parts).toBeLessThan(200);
          const [first, behind]: readonly [Operation, Operation | undefined] = splitOperation(rest, budget);
          current = current.apply(first);
          rest = behind;
        }
        expect(current.toDelta()).toEqual(expected.toDelta());
      }),
    );
  });

  it("keeps the inserts of a part within the budget", () => {
    const [first, rest] = splitOperation([{ retain: 3 }, { insert: "x".repeat(500) }, { delete: 2 }], 100);
    expect(first.filter(isInsert).map((part) => String(part.insert).length)).toEqual([84]);
    expect(rest).toEqual([{ retain: 87 }, { insert: "x".repeat(416), continues: true }, { delete: 2 }]);
  });

  it("leaves what fits as it is, and surrogate pairs whole", () => {
    const small = [{ insert: "abc" }];
    expect(splitOperation(small, 100)).toEqual([small, undefined]);
    expect(splitOperation([{ insert: "😀😀😀" }], 1)[0]).toEqual([{ insert: "😀" }]);
    expect(splitOperation([{ insert: "a😀😀" }], 1)[0]).toEqual([{ insert: "a" }]);
    // Found by the property above: a retain alone is no progress.
    expect(splitOperation([{ retain: 1 }, { insert: "😀" }], 1)).toEqual([
      [{ retain: 1 }, { insert: "😀" }],
      undefined,
    ]);
  });
});
