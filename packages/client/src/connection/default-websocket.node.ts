import { WebSocket } from "ws";
import type { WebSocketConstructor } from "./websocket.js";

/** For a Node that has no WebSocket of its own. */
export const defaultWebSocket: WebSocketConstructor | undefined = WebSocket as unknown as WebSocketConstructor;
