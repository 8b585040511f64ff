import type { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { outgoingFrame } from "../../src/http/outgoing-frame.js";

/** Its types leave it out. */
const { Receiver } = ws as unknown as { readonly Receiver: new (options: { readonly isServer: boolean }) => Writable };

/** What another implementation of RFC 6455 reads. */
function read(frame: Uint8Array): Promise<{ readonly bytes: Buffer; readonly binary: boolean }> {
  return new Promise((resolve, reject) => {
    const receiver = new Receiver({ isServer: false });
    receiver.on("message", (bytes: Buffer, binary: boolean) => resolve({ bytes, binary }));
    receiver.on("error", reject);
    receiver.write(Buffer.from(frame));
  });
}

describe("a frame to a client", () => {
  // Around each of the borders where the length takes more bytes.
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])("of %i bytes is read as it was written", async (length) => {
    const message = Uint8Array.from({ length }, (_, index) => index * 7);
    const { bytes, binary } = await read(outgoingFrame(message));
    expect(binary).toBe(true);
    expect(bytes.equals(message)).toBe(true);
  });

  it.each(["", "plain", "\u00e4\u{1f600}".repeat(50_000)])("of text is read as it was written", async (text) => {
    const { bytes, binary } = await read(outgoingFrame(text));
    expect(binary).toBe(false);
    expect(bytes.toString()).toBe(text);
  });

  it("is made once for a message, however many sockets it goes to", () => {
    const message = Uint8Array.of(1, 2, 3);
    expect(outgoingFrame(message)).toBe(outgoingFrame(message));
    expect(outgoingFrame("text")).toBe(outgoingFrame("text"));
    expect(outgoingFrame("other")).not.toBe(outgoingFrame("text"));
    expect(outgoingFrame(Uint8Array.of(1, 2, 3))).not.toBe(outgoingFrame(message));
  });
});
