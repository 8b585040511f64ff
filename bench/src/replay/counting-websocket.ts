import type { WebSocketConstructor } from "@tutti/client";
import { WebSocket } from "ws";

/** What went over all sockets of a replay. */
export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
  sentFrames: number;
  receivedFrames: number;
  /** Connections that were established. */
  connections: number;
}

export const noTraffic = (): Traffic => ({
  sentBytes: 0,
  receivedBytes: 0,
  sentFrames: 0,
  receivedFrames: 0,
  connections: 0,
});

/** A WebSocket that adds what it carries to `traffic`: payloads and the frame headers around them. */
export function countingWebSocket(traffic: Traffic): WebSocketConstructor {
  class CountingWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false });
      this.on("open", () => {
        traffic.connections += 1;
      });
      this.on("message", (data) => {
        traffic.receivedFrames += 1;
        traffic.receivedBytes += framed((data as Buffer | ArrayBuffer).byteLength);
      });
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      const bytes = typeof data === "string" ? Buffer.byteLength(data) : (data as Uint8Array).byteLength;
      traffic.sentFrames += 1;
      // A client masks what it sends: four more bytes.
      traffic.sentBytes += framed(bytes) + 4;
      super.send(data);
    }
  }
  return CountingWebSocket as unknown as WebSocketConstructor;
}

const framed = (bytes: number): number => bytes + (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10);
