import type { Operation } from "@tutti/ot";

/** A document at one version, as the server tells it. */
export interface ServerContent {
  readonly version: number;
  readonly checksum: number;
  readonly content: Operation;
  readonly text: string;
}

/** What replays and fault campaigns need of the server over HTTP. */
export class ServerApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, "");
  }

  /** Signs a guest in; returns the token. */
  async signIn(name: string): Promise<string> {
    return (await this.#call<{ token: string }>("POST", "/v1/sessions", undefined, { name })).token;
  }

  async createDocument(token: string, title: string, type: "plain" | "rich"): Promise<string> {
    return (await this.#call<{ id: string }>("POST", "/v1/documents", token, { title, type })).id;
  }

  /** The content at a version, the newest when left out. Tries again while the server restarts. */
  async content(token: string, id: string, version?: number): Promise<ServerContent> {
    const query = version === undefined ? "" : `?version=${version}`;
    const path = `/v1/documents/${encodeURIComponent(id)}/content${query}`;
    const found = await retried(() => this.#call<Omit<ServerContent, "text">>("GET", path, token));
    const pieces = found.content.map((part) =>
      "insert" in part && typeof part.insert === "string" ? part.insert : "\uFFFC",
    );
    return { ...found, text: pieces.join("") };
  }

  async #call<T>(method: string, path: string, token?: string, body?: object): Promise<T> {
    const headers = new Headers();
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const response = await fetch(this.#url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

const ATTEMPTS = 20;
const PAUSE = 500;

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
