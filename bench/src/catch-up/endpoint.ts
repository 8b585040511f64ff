import { codecFor, type DownMessage, type UpMessage } from "@tutti/protocol";
import type { TuttiServer } from "@tutti/server";

type OfType<T extends DownMessage["type"]> = Extract<DownMessage, { readonly type: T }>;

/** The client's end of a connection within one process. It reads at once. */
export class Endpoint {
  /** Bytes of all frames that came. */
  bytes = 0;
  readonly #codec = codecFor("tutti.v1");
  readonly #events;
  #heard: (message: DownMessage) => void = () => undefined;

  constructor(server: TuttiServer) {
    this.#events = server.accept(
      {
        send: (frame) => {
          this.bytes += frame.length;
          this.#heard(this.#codec.decodeDown(frame));
        },
        close: (code, reason) => {
          throw new Error(`closed with ${code}: ${reason}`);
        },
        bufferedBytes: 0,
      },
      "tutti.v1",
    );
  }

  /** Says something and waits for the first message of a type. */
  ask<T extends DownMessage["type"]>(message: UpMessage, type: T): Promise<OfType<T>> {
    return new Promise((resolve, reject) => {
      this.#heard = (heard) => {
        if (heard.type === type) resolve(heard as OfType<T>);
        else if (heard.type === "rejected" || heard.type === "failed") reject(new Error(heard.error.message));
      };
      this.#events.frame(this.#codec.encode(message));
    });
  }
}
