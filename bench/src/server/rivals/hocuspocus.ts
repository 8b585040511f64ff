import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

/** Hocuspocus with SQLite as its documentation sets it up: `hocuspocus.js FILE`. */
const database = process.argv[2] ?? ":memory:";
const server = new Server({ port: 0, address: "127.0.0.1", quiet: true, extensions: [new SQLite({ database })] });
await server.listen();
process.stdout.write(`ready http://127.0.0.1:${server.address.port}\n`);
