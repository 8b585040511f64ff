import { type Clock, type Random, TuttiError } from "@tutti/protocol";
import { defaultWebSocket } from "#default-websocket";
import { connectAddress, pollAddress } from "../address.js";
import type { ClientEnvironment, Transport } from "../types.js";
import { deferredPolling } from "./polling/deferred.js";
import type { Fetch } from "./polling/exchange.js";
import type { RoutesEnvironment } from "./routes.js";
import { type WebSocketConstructor, webSocketTransport } from "./websocket.js";

export interface TransportOptions {
  /** Of the server: http(s) or ws(s), with the path in front of `/v1/connect` where there is one. */
  readonly url: string;
  /** The WebSocket to use; left out: the platform's own, or in an older Node that of the `ws` package. */
  readonly WebSocket?: WebSocketConstructor;
  /** For where WebSockets are blocked (C13); left out: the platform's own. */
  readonly fetch?: Fetch;
  readonly environment?: Partial<Pick<ClientEnvironment, "transport" | "fallback">>;
}

type Ways = Pick<RoutesEnvironment, "websocket" | "polling">;

/**
 * The ways to a server.
 * @throws TuttiError `invalid_request` when the address is none, or there is no WebSocket here
 */
export function waysTo(options: TransportOptions, outside: { readonly clock: Clock; readonly random: Random }): Ways {
  const { transport, fallback } = options.environment ?? {};
  if (transport !== undefined) return { websocket: transport, polling: fallback };
  return { websocket: overWebSockets(options), polling: fallback ?? overHttp(options, outside) };
}

function overWebSockets({ url, WebSocket }: TransportOptions): Transport {
  const own = (globalThis as { readonly WebSocket?: unknown }).WebSocket as WebSocketConstructor | undefined;
  const Constructor = WebSocket ?? own ?? defaultWebSocket;
  if (Constructor === undefined) {
    throw new TuttiError("invalid_request", "WebSocket: there is none here, pass a constructor");
  }
  return webSocketTransport(Constructor, connectAddress(url));
}

function overHttp(
  options: TransportOptions,
  outside: { readonly clock: Clock; readonly random: Random },
): Transport | undefined {
  const own = (globalThis as { readonly fetch?: Fetch }).fetch;
  // Called as a method of anything but the global object, that of browsers throws.
  const fetch: Fetch | undefined = options.fetch ?? (own && ((url, request) => own(url, request)));
  return fetch && deferredPolling({ ...outside, address: pollAddress(options.url), fetch });
}
