import { readFileSync } from "node:fs";
import { codecFor } from "@tutti/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/environment.js";
import { type RunningServer, startServer } from "./running-server.js";

const FRAME_BYTES = 100_000;
const LINES = { "content-type": "application/x-ndjson" };
const codec = codecFor("tutti.v1+json");
let running: RunningServer;

beforeEach(async () => {
  running = await startServer(systemClock, FRAME_BYTES);
});
afterEach(() => running.stop());

interface Reply {
  readonly status: number;
  readonly head: Record<string, never>;
  readonly frames: readonly string[];
}

async function post(lines: readonly unknown[], headers: Record<string, string> = {}): Promise<Reply> {
  const body = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const response = await fetch(`${running.url}/v1/poll`, { method: "POST", headers: { ...LINES, ...headers }, body });
  const [first = "", ...frames] = (await response.text()).split("\n");
  return { status: response.status, head: JSON.parse(first), frames };
}

async function openSession(): Promise<{ readonly "tutti-session": string }> {
  const { head } = await post([{ subprotocol: "tutti.v1+json" }]);
  return { "tutti-session": head["session"] ?? "" };
}

describe("POST /v1/poll", () => {
  it("opens a session, takes messages and brings answers, with nothing but lines of text", async () => {
    const opened = await post([{ subprotocol: "tutti.v1+json" }]);
    expect(opened).toMatchObject({ status: 201, head: { wait: 25_000 } });
    const session = { "tutti-session": String(opened.head["session"]) };
    expect(session["tutti-session"]).toMatch(/^\w{24}$/);
    const hello = { type: "hello", token: "ann" };
    const open = { type: "open", document: "doc", client: "c" };
    expect(await post([{ from: 1 }, hello, open], session)).toMatchObject({ status: 200, head: { received: 2 } });
    const types: string[] = [];
    while (types.length < 2) {
      const answer = await post([{ received: types.length, wait: 5000 }], session);
      expect(answer.head).toEqual({ from: types.length + 1 });
      types.push(...answer.frames.map((frame) => codec.decodeDown(frame).type));
    }
    expect(types.slice(0, 2)).toEqual(["welcome", "opened"]);
    expect(await post([{ from: 3, close: { code: 1000, reason: "" } }], session)).toMatchObject({ status: 200 });
    expect(await post([{ received: 2, wait: 0 }], session)).toMatchObject({
      status: 404,
      head: { error: { code: "not_found" } },
    });
  });

  it("answers a poll that hangs as soon as its client is gone: the session is not held by it", async () => {
    const session = await openSession();
    const aborted = new AbortController();
    const body = JSON.stringify({ received: 0, wait: 25_000 });
    const found = running.sessions.find(session["tutti-session"]);
    const abandoned = new Promise<void>((resolve) => {
      const original = found.abandoned.bind(found);
      found.abandoned = () => {
        original();
        resolve();
      };
    });
    const hanging = fetch(`${running.url}/v1/poll`, {
      method: "POST",
      headers: { ...LINES, ...session },
      body,
      signal: aborted.signal,
    });
    // The request has arrived when the next one, on another connection, has been answered.
    await post([{ from: 1 }], session);
    aborted.abort();
    await expect(hanging).rejects.toThrow();
    await abandoned;
  });

  it.each([
    ["no JSON", ["nonsense"], 400],
    ["no subprotocol", [{}], 400],
    ["another subprotocol", [{ subprotocol: "tutti.v1" }], 400],
    ["nothing", [], 400],
  ])("refuses to open with %s", async (_name, lines, status) => {
    expect(await post(lines)).toMatchObject({ status, head: { error: { code: "invalid_request" } } });
    expect(running.sessions.size).toBe(0);
  });

  it.each([
    ["from", { from: 0 }],
    ["from", { from: 7 }],
    ["received", { received: -1, wait: 0 }],
    ["received", { received: 3, wait: 0 }],
    ["wait", { received: 0, wait: "long" }],
    ["close", { close: {} }],
  ])("refuses a wrong %s by its name", async (field, head) => {
    const answer = await post([head], await openSession());
    expect(answer).toMatchObject({ status: 400, head: { error: { code: "invalid_request" } } });
    expect(JSON.stringify(answer.head)).toContain(`${field}:`);
  });

  it("A5: refuses pages of another origin, and names that are not of this machine", async () => {
    const opening = [{ subprotocol: "tutti.v1+json" }];
    const foreign = await post(opening, { origin: "https://evil.example" });
    expect(foreign).toMatchObject({ status: 403, head: { error: { code: "forbidden" } } });
    expect((await post(opening, { origin: running.url })).status).toBe(201);
  });

  it("does not know sessions by guessing", async () => {
    const answer = await post([{ received: 0, wait: 0 }], { "tutti-session": "guessed" });
    expect(answer).toMatchObject({ status: 404, head: { error: { code: "not_found" } } });
  });

  it("takes lines of text only", async () => {
    const answer = await post([{ subprotocol: "tutti.v1+json" }], { "content-type": "application/json" });
    expect(answer.status).toBe(400);
    expect(running.sessions.size).toBe(0);
  });

  it("S12: reads no more than a message may have, and little of somebody who has said nothing yet", async () => {
    const session = await openSession();
    const hello = JSON.stringify({ type: "hello", token: "ann" });
    await post([{ from: 1 }, hello], session);
    const large = await post([{ from: 2 }, "x".repeat(FRAME_BYTES + 2000)], session);
    expect(large).toMatchObject({ status: 413, head: { error: { code: "frame_too_large" } } });
    expect((await post([{ subprotocol: "x".repeat(2000) }])).status).toBe(413);
    const stranger = await openSession();
    await expect(post([{ from: 1 }, "x".repeat(90_000)], stranger)).rejects.toThrow();
    // The session goes on, with the number that was not taken.
    expect(await post([{ from: 2 }, '{"type":"ping"}'], session)).toMatchObject({ head: { received: 2 } });
  });

  it("answers while the server stops: connections that are there are told by themselves", async () => {
    const session = await openSession();
    await post([{ from: 1 }, { type: "hello", token: "ann" }], session);
    await running.server.drain({ window: 10 });
    const answer = await post([{ received: 0, wait: 5000 }], session);
    expect(answer).toMatchObject({ status: 200, head: { closed: { code: 1001 } } });
    const late = await post([{ subprotocol: "tutti.v1+json" }]);
    expect(late).toMatchObject({ status: 503, head: { error: { code: "shutting_down" } } });
  });
});

describe("docs/protocol.md", () => {
  it("shows a connection over HTTP as it is", async () => {
    const page = readFileSync(new URL("../../../../../docs/protocol.md", import.meta.url), "utf8");
    const example = page.split("### Over HTTP")[1]?.match(/```\n([\s\S]*?)```/)?.[1] ?? "";
    const linesOf = (exchange: string, arrow: string): readonly string[] =>
      exchange.split("\n").flatMap((line) => (line.startsWith(arrow) ? [line.slice(2)] : []));
    const typeOf = (frame: string) => codec.decodeDown(frame).type;
    const exchanges = example.trim().split("\n\n");
    expect(exchanges).toHaveLength(6);
    let session: Record<string, string> = {};
    let received = 0;
    for (const exchange of exchanges) {
      const [, ...request] = linesOf(exchange, "→");
      const [status, head = "", ...messages] = linesOf(exchange, "←");
      const came: string[] = [];
      do {
        // What the page shows in one answer may come in two.
        const again = came.length > 0 ? [{ received, wait: 25_000 }] : request;
        const answer = await post(again, session);
        expect(answer.status).toBe(Number(status));
        expect(Object.keys(answer.head)).toEqual(Object.keys(JSON.parse(head)));
        if (answer.head["session"] !== undefined) session = { "tutti-session": answer.head["session"] };
        came.push(...answer.frames.map(typeOf));
        received += answer.frames.length;
      } while (came.length < messages.length);
      expect(came).toEqual(messages.map(typeOf));
    }
  });
});
