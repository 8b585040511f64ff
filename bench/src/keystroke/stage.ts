import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DocumentHandle, TuttiClient, type WebSocketConstructor } from "@tutti/client";
import { componentLength } from "@tutti/ot";
import { ServerApi } from "../replay/server-api.js";
import { ServerProcess } from "../server/server-process.js";
import type { Task } from "../server/workloads.js";
import type { Content } from "./contents.js";

const TUTTI = new URL("../../../packages/server/bin/tutti.js", import.meta.url);
const DRIVER = fileURLToPath(new URL("../server/driver.js", import.meta.url));
/** Letters a second of each of the others. */
const RATE = 5;
/** Longer than anything takes here, in seconds. */
const FOREVER = 3600;

/** Where somebody types: a server, a document, and others at work in it. */
export class Stage {
  readonly url: string;
  readonly token: string;
  readonly document: string;
  readonly #server: ServerProcess;
  readonly #folder: string;
  readonly #others: ChildProcess | undefined;

  private constructor(
    server: ServerProcess,
    folder: string,
    who: { readonly token: string; readonly document: string },
    others: ChildProcess | undefined,
  ) {
    this.url = server.url;
    this.token = who.token;
    this.document = who.document;
    this.#server = server;
    this.#folder = folder;
    this.#others = others;
  }

  /** @param others people who type at the start of the document, each in a connection of their own */
  static async set(content: Content, others: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
    const server = await ServerProcess.start(TUTTI, ["serve", "--port", "0", "--data", folder]);
    const api = new ServerApi(server.url);
    const token = await api.signIn("Author");
    const document = await api.createDocument(token, content.name, content.kind);
    // They come while the document is empty: each would take as long to open it as the rest of the benchmark.
    const crowd = others === 0 ? undefined : gather({ url: server.url, token, document }, others);
    const stage = new Stage(server, folder, { token, document }, crowd);
    await stage.#write(content);
    return stage;
  }

  /** Opens the document with our client. @param WebSocket left out: that of `ws` */
  async open(WebSocket?: WebSocketConstructor): Promise<{ readonly handle: DocumentHandle; close(): void }> {
    const socket = WebSocket === undefined ? {} : { WebSocket };
    const client = new TuttiClient({ url: this.url, token: this.token, ...socket });
    const handle = client.open(this.document);
    await handle.ready;
    return { handle, close: () => client.close() };
  }

  async clear(): Promise<void> {
    this.#others?.kill();
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write({ parts }: Content): Promise<void> {
    const { handle, close } = await this.open();
    for (const part of parts) {
      const end = handle.length;
      handle.edit(end === 0 ? part : [{ retain: end }, ...part]);
      await handle.saved();
    }
    const written = parts.flat().reduce((sum, component) => sum + componentLength(component), 0);
    if (handle.length < written) throw new Error("the document is not what was written");
    close();
  }
}

function gather(where: { readonly url: string; readonly token: string; readonly document: string }, editors: number) {
  const target = { ...where, url: where.url.replace(/^http/, "ws") };
  const task: Task = { target, dialect: "tutti", editors, rate: RATE, warmUp: 0, seconds: FOREVER };
  const crowd = fork(DRIVER, [JSON.stringify(task)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  crowd.on("message", () => crowd.send("go on"));
  return crowd;
}
