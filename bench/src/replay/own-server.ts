import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../../packages/server/bin/tutti.js", import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OwnServerSettings {
  /** An existing folder to keep the data in; it stays when the server is disposed of. Left out: a temporary one. */
  readonly data?: string;
  /** What the server finds in its environment besides what this process has; undefined takes something away. */
  readonly environment?: Environment;
  /** Of the process (`nice`), where it shall not be that of this one. */
  readonly priority?: number;
}

/** The built server as a process of its own, by default with a temporary data folder: it may be killed at any time. */
export class OwnServer {
  readonly data: string;
  readonly #settings: OwnServerSettings;
  #child: ChildProcess | undefined;
  #port = "0";
  #restart: Promise<void> = Promise.resolve();

  private constructor(data: string, settings: OwnServerSettings) {
    this.data = data;
    this.#settings = settings;
  }

  /** Resolves when it accepts connections, on a free port. @throws Error when it ends instead */
  static async start(settings: OwnServerSettings = {}): Promise<OwnServer> {
    const server = new OwnServer(settings.data ?? (await mkdtemp(join(tmpdir(), "tutti-own-"))), settings);
    try {
      await server.launch();
      return server;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Of the process that runs, or ran last. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the process again, on the same data and port, after it was killed.
   * @throws Error when it ends before it accepts connections, as when it is killed meanwhile
   */
  async launch(): Promise<void> {
    const flags = ["serve", "--host", "127.0.0.1", "--port", this.#port, "--data", this.data];
    const env = { ...process.env, ...this.#settings.environment };
    this.#child = spawn(process.execPath, [COMMAND, ...flags], { stdio: ["ignore", "pipe", "inherit"], env });
    if (this.#settings.priority !== undefined) setPriority(this.#child.pid ?? 0, this.#settings.priority);
    this.#port = new URL(await addressOf(this.#child)).port;
  }

  /** SIGKILL: no time to write anything. Resolves when the process is gone. */
  async kill(): Promise<void> {
    await end(this.#child, "SIGKILL");
  }

  /** SIGKILL: no time to write anything. Resolves when another process serves the same data on the same port. */
  killAndRestart(): Promise<void> {
    this.#restart = this.#restarted();
    return this.#restart;
  }

  /** SIGTERM: it writes what is pending. Resolves when the process is gone. */
  async stop(): Promise<void> {
    await end(this.#child, "SIGTERM");
  }

  /** Stops it in good order, and removes its data, unless the folder was given. */
  async dispose(): Promise<void> {
    // A server that is just starting must not stay behind.
    await this.#restart.catch(() => undefined);
    await this.stop();
    if (this.#settings.data === undefined) await rm(this.data, { recursive: true, force: true });
  }

  async #restarted(): Promise<void> {
    await this.kill();
    await this.launch();
  }
}

/** Where the server says that it listens. @throws Error when it ends instead */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code} before it was ready`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = /http:\/\/\S+/.exec(line);
      if (said !== null) resolve(said[0]);
    });
  });
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}
