import type { ClientOptions } from "@tutti/client";
import { WebSocket } from "ws";

type Ways = Pick<ClientOptions, "WebSocket" | "fetch">;
type Fetch = NonNullable<ClientOptions["fetch"]>;
type Constructor = NonNullable<ClientOptions["WebSocket"]>;

/**
 * The ways of a client to a server, which tell of each attempt: of every WebSocket, and of every request over HTTP that
 * opens a session.
 */
export function countingWays(attempted: () => void): Ways {
  class CountingWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false });
      attempted();
    }
  }
  const counting: Fetch = (url, request) => {
    if (request.headers["tutti-session"] === undefined) attempted();
    return fetch(url, request);
  };
  return { WebSocket: CountingWebSocket as unknown as Constructor, fetch: counting };
}
