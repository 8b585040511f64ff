import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { OwnPostgres } from "@tutti/testkit";
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
    const postgres = await OwnPostgres.start();
    const { server, target } = await startTutti(folder, { TUTTI_DATABASE_URL: postgres.url });
    return { server, target, stop: () => server.stop().then(() => postgres.dispose()) };
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
  async start() {
    const tables = join(dirname(createRequire(import.meta.url).resolve("sharedb-postgres")), "structure.sql");
    const postgres = await OwnPostgres.start();
    await postgres.run(await readFile(tables, "utf8"));
    const server = await ServerProcess.start(rival("sharedb"), [postgres.url]);
    const target = async () => ({ url: socketUrl(server), document: "document" });
    return { server, target, stop: () => server.stop().then(() => postgres.dispose()) };
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

/** @param environment settings that differ from the defaults @param script of the server, where it is not the usual one */
export async function startTutti(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  script: URL = TUTTI,
): Promise<Running> {
  const server = await ServerProcess.start(script, ["serve", "--port", "0", "--data", folder], environment);
  const api = new ServerApi(server.url);
  const token = await api.signIn("Benchmark");
  return running(server, async () => {
    const document = await api.createDocument(token, "Benchmark", "plain");
    return { url: socketUrl(server), document, token };
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
