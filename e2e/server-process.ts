import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../packages/server/bin/tutti.js", import.meta.url));

export interface StoredContent {
  readonly version: number;
  readonly checksum: number;
  readonly content: readonly { readonly insert: string | object }[];
}

/** The real server as a process of its own, with a data folder of its own; it can be killed and started again. */
export class ServerProcess {
  readonly data = mkdtempSync(join(tmpdir(), "tutti-e2e-"));
  /** First lines that the server said at its last start. */
  greeting: readonly string[] = [];
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #port = 0;

  /** @param settings environment variables of the server, such as `TUTTI_CROWD_EDITORS` */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.#settings = settings;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the server, on the same port and data as before. Resolves when it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [COMMAND, "serve", "--port", `${this.#port}`, "--data", this.data], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...this.#settings },
    });
    this.#child = child;
    const lines = createInterface({ input: child.stdout });
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said.join("\n")}`)));
      lines.on("line", (line) => {
        said.push(line);
        if (line.startsWith("It listens")) resolve();
      });
    });
    this.greeting = said;
    this.#port = Number(/:(\d+)$/.exec(said.find((line) => line.includes("http://")) ?? "")?.[1]);
  }

  /** SIGKILL by default: no time to write anything. Resolves when the process is gone. @returns its exit code */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return gone;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A guest's token. */
  async signIn(name: string): Promise<string> {
    const { token } = await this.#json("/v1/sessions", { name });
    return token as string;
  }

  /** A token for somebody, signed as the server does, that ends at a time (ms since 1970). */
  tokenUntil(id: string, name: string, ends: number): string {
    const secret = Buffer.from(readFileSync(join(this.data, "secret"), "utf8").trim(), "hex");
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = { name, sub: id, aud: "tutti", iat: now - 60, exp: Math.floor(ends / 1000) };
    const signed = `${encode({ alg: "HS256" })}.${encode(claims)}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  }

  /** @returns the id of a new document */
  async createDocument(token: string, type: "rich" | "plain"): Promise<string> {
    const { id } = await this.#json("/v1/documents", { title: `A ${type} document`, type }, token);
    return id as string;
  }

  /** The newest version that the server holds. */
  async content(token: string, document: string): Promise<StoredContent> {
    const response = await fetch(`${this.url}/v1/documents/${document}/content`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as StoredContent;
  }

  /** The text that the server holds. */
  async text(token: string, document: string): Promise<string> {
    const { content } = await this.content(token, document);
    return content.map(({ insert }) => (typeof insert === "string" ? insert : "\uFFFC")).join("");
  }

  async #json(path: string, body: object, token?: string): Promise<Record<string, unknown>> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }
}
