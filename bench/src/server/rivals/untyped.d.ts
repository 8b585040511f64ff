/** Rivals that come without types, as far as the benchmark uses them. */
declare module "rich-text" {
  const richText: { readonly type: import("sharedb").Type & { readonly uri: string } };
  export = richText;
}
declare module "sharedb-postgres" {
  const PostgresDb: new (options: { readonly connectionString: string }) => import("sharedb").DB;
  export = PostgresDb;
}
declare module "@teamwork/websocket-json-stream" {
  const WebSocketJsonStream: new (socket: import("ws").WebSocket) => import("node:stream").Duplex;
  export = WebSocketJsonStream;
}
declare module "@y/websocket-server/utils" {
  export function setupWSConnection(socket: import("ws").WebSocket, request: import("node:http").IncomingMessage): void;
}
