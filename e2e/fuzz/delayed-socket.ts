import type { WebSocketConstructor } from "@tutti/client";
import type { Random } from "@tutti/protocol";

/**
 * A WebSocket whose messages take their time, each way: every message up to `longest` milliseconds, in order. Most are
 * quick, some are late, as on a bad mobile network.
 */
export function delayedSocket(random: Random, longest: number): WebSocketConstructor {
  const delay = (): number => longest * random.next() ** 3;
  class DelayedSocket extends WebSocket {
    #inLine: Promise<unknown> = Promise.resolve();
    #outLine: Promise<unknown> = Promise.resolve();

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      const pause = delay();
      this.#outLine = this.#outLine.then(async () => {
        await after(pause);
        if (this.readyState === WebSocket.OPEN) super.send(data);
      });
    }

    override set onmessage(listener: ((event: MessageEvent) => unknown) | null) {
      super.onmessage = (event: MessageEvent) => {
        const pause = delay();
        this.#inLine = this.#inLine.then(async () => {
          await after(pause);
          // In a task of its own, as real messages come.
          await new Promise<void>((told) => {
            setTimeout(() => {
              listener?.call(this, event);
              told();
            });
          });
        });
      };
    }
  }
  return DelayedSocket as unknown as WebSocketConstructor;
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
