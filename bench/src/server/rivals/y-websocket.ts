import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setupWSConnection } from "@y/websocket-server/utils";
import { WebSocketServer } from "ws";

/** The server of y-websocket as it comes: in memory. */
const http = createServer();
new WebSocketServer({ server: http, perMessageDeflate: false }).on("connection", setupWSConnection);
await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
process.stdout.write(`ready http://127.0.0.1:${(http.address() as AddressInfo).port}\n`);
