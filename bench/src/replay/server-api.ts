import type { Operation } from "@tutti/ot";

/** What a replay needs of the server over HTTP. */
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

  /** The newest content as the server has it. Tries again while the server restarts. */
  async content(token: string, id: string): Promise<{ readonly version: number; readonly text: string }> {
    const path = `/v1/documents/${encodeURIComponent(id)}/content`;
    const { version, content } = await retried(() =>
      this.#call<{ version: number; content: Operation }>("GET", path, token),
    );
    const pieces = content.map((part) =>
      "insert" in part && typeof part.insert === "string" ? part.insert : "\uFFFC",
    );
    return { version, text: pieces.join("") };
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
