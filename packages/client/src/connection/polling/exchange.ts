import { type Clock, type ErrorCode, TuttiError } from "@tutti/protocol";

/** What is used of `fetch`: that of browsers and of Node have it alike. */
export type Fetch = (
  url: string,
  request: {
    readonly method: "POST";
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal: AbortSignal;
    readonly keepalive: boolean;
  },
) => Promise<{ readonly ok: boolean; text(): Promise<string> }>;

/** The first line of an answer. */
export interface Head {
  readonly session?: string;
  /** How long a poll may take, in milliseconds. */
  readonly wait?: number;
  /** The newest message from here that the server has. */
  readonly received?: number;
  /** The number of the first message that follows. */
  readonly from?: number;
  readonly closed?: { readonly code: number; readonly reason: string };
}

export interface Answer {
  readonly head: Head;
  readonly frames: readonly string[];
}

interface Request {
  readonly session?: string;
  /** The first line. */
  readonly head: object;
  readonly frames?: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Goes on when the page goes away. */
  readonly farewell?: boolean;
}

/** Bytes that browsers send for a page that is gone; counted in units of text, of which each has at most three. */
const FAREWELL_UNITS = 20_000;

/** Single requests to a server, each with an answer; `docs/protocol.md` describes them (C13). */
export class Exchange {
  readonly #address: string;
  readonly #fetch: Fetch;
  readonly #clock: Clock;
  readonly #running = new Set<AbortController>();

  constructor(address: string, fetch: Fetch, clock: Clock) {
    this.#address = address;
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** @throws TuttiError when the server refuses; any other Error when the network does, or what answers is no server */
  async post({ session, head, frames = [], timeout, farewell = false }: Request): Promise<Answer> {
    const body = [JSON.stringify(head), ...frames].join("\n");
    const controller = new AbortController();
    this.#running.add(controller);
    const cancel = this.#clock.schedule(timeout, () => controller.abort());
    try {
      const response = await this.#fetch(this.#address, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson", ...(session && { "tutti-session": session }) },
        body,
        signal: controller.signal,
        keepalive: farewell && body.length <= FAREWELL_UNITS,
      });
      const text = await response.text();
      if (!response.ok) throw refusalIn(text);
      return answerIn(text);
    } finally {
      cancel();
      this.#running.delete(controller);
    }
  }

  /** Ends all that is under way, except for farewells that start afterwards. */
  abort(): void {
    for (const controller of this.#running) controller.abort();
  }
}

function answerIn(text: string): Answer {
  const [first = "", ...frames] = text.split("\n");
  const head: unknown = JSON.parse(first);
  if (typeof head !== "object" || head === null) throw new Error("no answer of a Tutti server");
  return { head, frames };
}

/** A proxy's refusal is no JSON: that is a fault of the network. */
function refusalIn(text: string): Error {
  const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown; retryAfter?: unknown } };
  if (typeof error?.code !== "string") return new Error("a refusal of something that is no Tutti server");
  const retryAfter = typeof error.retryAfter === "number" ? error.retryAfter : undefined;
  return new TuttiError(error.code as ErrorCode, String(error.message), retryAfter);
}
