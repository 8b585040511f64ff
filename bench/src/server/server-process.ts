import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Probe } from "./probe.js";

const PROBE = new URL("./probe.js", import.meta.url).href;
/** The environment variable with a folder into which every server writes its processor profile when it ends. */
export const PROFILE = "TUTTI_BENCH_PROFILE";

/** A server in a process of its own that tells what it uses. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /**
   * Resolves when it says at which address it answers.
   * @param script of the server, and what it is started with
   * @param environment beside that of this process
   * @throws Error when it ends instead
   */
  static async start(
    script: URL,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    const profile = process.env[PROFILE];
    const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
    const command = [...profiling, "--expose-gc", "--import", PROBE, fileURLToPath(script), ...args];
    const child = spawn(process.execPath, command, {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env: { ...process.env, TUTTI_LIMITS: "off", NODE_ENV: "production", ...environment },
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`${fileURLToPath(script)} ended with code ${code}`)));
      if (child.stdout === null) return;
      createInterface({ input: child.stdout }).on("line", (line) => {
        const said = /http:\/\/\S+/.exec(line);
        if (said !== null) resolve(said[0]);
      });
    });
    return new ServerProcess(url, child);
  }

  /** What it has used so far. @param collect after a garbage collection */
  probe(collect = false): Promise<Probe> {
    const answer = new Promise<Probe>((resolve) => this.#child.once("message", (probe) => resolve(probe as Probe)));
    this.#child.send(collect ? "collect" : "now");
    return answer;
  }

  /** Something that this server understands, besides what every one does. */
  tell(message: string): void {
    this.#child.send(message);
  }

  /** Stops it and waits for its end. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
  }
}
