import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
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

  /** @param others people who type all over the document, each in a connection of their own */
  static async set(content: Content, others: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
    const server = await ServerProcess.start(TUTTI, ["serve", "--port", "0", "--data", folder]);
    const api = new ServerApi(server.url);
    const token = await api.signIn("Author");
    const document = await api.createDocument(token, content.name, content.kind);
    // They come while the document is empty: each would take as long to open it as the rest of the benchmark.
    const crowd = others === 0 ? undefined : gather({ url: server.url, token, document }, others);
    const stage = new Stage(server, folder, { token, document }, crowd);
    await stage.#write(content, others);
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
    this.#others?.removeAllListeners("exit").kill();
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Puts the content between the letters of the others, so that each goes on typing at a place of their own. */
  async #write({ parts }: Content, others: number): Promise<void> {
    const { handle, close } = await this.open();
    while (placesBetween(handle.text()).length < others) await pause(50);
    const each = Math.ceil(parts.length / (others + 1));
    for (let place = others; place >= 0; place -= 1) {
      for (const part of parts.slice(place * each, (place + 1) * each).toReversed()) {
        // The letters of those who type in front of what is there already are the first of the text.
        const at = place === 0 ? 0 : (placesBetween(handle.text())[place - 1] ?? handle.length);
        handle.edit(at === 0 ? part : [{ retain: at }, ...part]);
        await handle.saved();
      }
    }
    const written = parts.flat().reduce((sum, component) => sum + componentLength(component), 0);
    if (handle.length < written) throw new Error("the document is not what was written");
    close();
  }
}

/** Behind each run of one letter at the start of a text: everybody types a letter of their own. */
function placesBetween(text: string): readonly number[] {
  const places: number[] = [];
  for (let index = 1; index <= text.length && isTyped(text.charCodeAt(index - 1)); index += 1) {
    if (text[index] !== text[index - 1]) places.push(index);
  }
  return places;
}

/** The others type letters; no part of a content starts with one. */
const isTyped = (unit: number): boolean => unit >= 0x61 && unit <= 0x7a;

function gather(where: { readonly url: string; readonly token: string; readonly document: string }, editors: number) {
  const target = { ...where, url: where.url.replace(/^http/, "ws") };
  const task: Task = { target, dialect: "tutti", editors, rate: RATE, warmUp: 0, seconds: FOREVER };
  const crowd = fork(DRIVER, [JSON.stringify(task)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  crowd.on("message", () => crowd.send("go on"));
  // Figures without them would be taken for figures with them.
  crowd.once("exit", (code) => {
    throw new Error(`the others ended with code ${code}`);
  });
  return crowd;
}
