import type { IncomingMessage } from "node:http";
import { TuttiError } from "@tutti/protocol";
import type { FrameIntake } from "../../protection/frame-intake.js";

/** Times the largest body, up to which what is too much is read and thrown away. */
const BEYOND = 4;

export interface BodyLimits {
  readonly intake: FrameIntake;
  /** Bytes. */
  readonly largest: number;
  /** The client has said who it is, or at least something. */
  readonly greeted: boolean;
}

/**
 * Reads the text of a body; it counts as a frame that is being received (S12).
 * @throws TuttiError `frame_too_large`, `overloaded` when it was cut off, `invalid_request` when it broke off
 */
export function readBody(payload: IncomingMessage, { intake, largest, greeted }: BodyLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const incoming = intake.open({
      pause: () => {
        payload.pause();
        return () => payload.resume();
      },
      cutOff: (reason) => {
        fail(new TuttiError("overloaded", reason, 1000));
        payload.destroy();
      },
    });
    if (greeted) incoming.frame();
    const fail = (error: TuttiError): void => {
      incoming.closed();
      reject(error);
    };
    payload.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      incoming.received(chunk.length);
      if (bytes <= largest) chunks.push(chunk);
      else fail(new TuttiError("frame_too_large", `a request has at most ${largest} bytes`));
      // The answer comes when all has been read; nobody reads for ever.
      if (bytes > BEYOND * largest) payload.destroy();
    });
    payload.once("end", () => {
      incoming.closed();
      resolve(Buffer.concat(chunks).toString());
    });
    payload.once("close", () => fail(new TuttiError("invalid_request", "the body broke off")));
  });
}
