import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../../packages/server/bin/tutti.js", import.meta.url));

/** The built server as a process of its own, with a temporary data folder: for replays in which it is killed. */
export class OwnServer {
  readonly data: string;
  #child: ChildProcess;
  readonly #port: string;
  #restart: Promise<void> = Promise.resolve();

  private constructor(data: string, child: ChildProcess, port: string) {
    this.data = data;
    this.#child = child;
    this.#port = port;
  }

  /** Resolves when it accepts connections, on a free port. @throws Error when it ends instead */
  static async start(): Promise<OwnServer> {
    const data = await mkdtemp(join(tmpdir(), "tutti-replay-"));
    try {
      const { child, port } = await launch(data, "0");
      return new OwnServer(data, child, port);
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** SIGKILL: no time to write anything. Resolves when another process serves the same data on the same port. */
  killAndRestart(): Promise<void> {
    this.#restart = this.#restarted();
    return this.#restart;
  }

  /** Stops it in good order, and removes its data. */
  async dispose(): Promise<void> {
    // A server that is just starting must not stay behind.
    await this.#restart.catch(() => undefined);
    await end(this.#child, "SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  async #restarted(): Promise<void> {
    await end(this.#child, "SIGKILL");
    this.#child = (await launch(this.data, this.#port)).child;
  }
}

async function launch(data: string, port: string): Promise<{ readonly child: ChildProcess; readonly port: string }> {
  const flags = ["serve", "--host", "127.0.0.1", "--port", port, "--data", data];
  const child = spawn(process.execPath, [COMMAND, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = /http:\/\/\S+/.exec(line);
      if (said !== null) resolve(said[0]);
    });
  });
  return { child, port: new URL(url).port };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}
