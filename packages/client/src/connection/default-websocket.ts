import type { WebSocketConstructor } from "./websocket.js";

/** Outside Node the platform's own is the only one. */
export const defaultWebSocket: WebSocketConstructor | undefined = undefined;
