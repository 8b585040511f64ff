import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import WebSocketJsonStream from "@teamwork/websocket-json-stream";
import richText from "rich-text";
import ShareDb from "sharedb";
import PostgresDb from "sharedb-postgres";
import { WebSocketServer } from "ws";

/** ShareDB as its documentation sets it up: `sharedb.js memory`, or `sharedb.js postgres://…`. */
const storage = process.argv[2] ?? "memory";
ShareDb.types.register(richText.type);
const backend = new ShareDb(storage === "memory" ? {} : { db: new PostgresDb({ connectionString: storage }) });

const http = createServer();
new WebSocketServer({ server: http, perMessageDeflate: false }).on("connection", (socket) => {
  const stream = new WebSocketJsonStream(socket);
  // A driver that is done goes away without a word.
  stream.on("error", () => undefined);
  backend.listen(stream);
});
await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));

const creation = backend.connect().get("documents", "document");
await new Promise<void>((resolve, reject) => {
  creation.create([{ insert: "\n" }], richText.type.uri, (error) => (error ? reject(error) : resolve()));
});
process.stdout.write(`ready http://127.0.0.1:${(http.address() as AddressInfo).port}\n`);
