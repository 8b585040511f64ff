import type { ErrorData } from "@tutti/protocol";
import { VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { Fetch } from "../../src/connection/polling/exchange.js";
import { pollingTransport } from "../../src/connection/polling/polling.js";
import { noJitter } from "../world.js";

interface Asked {
  readonly session: string | undefined;
  readonly head: Readonly<Record<string, unknown>>;
  readonly frames: readonly string[];
  readonly keepalive: boolean;
}
type Answer = { readonly lines: readonly unknown[]; readonly status?: number } | "fails" | "hangs";

/** A connection whose requests are answered by `answer`; polls hang unless it says otherwise. */
function connect(answer: (asked: Asked) => Answer | undefined) {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const fetch: Fetch = async (_url, { headers, body, keepalive, signal }) => {
    const [first = "", ...frames] = body.split("\n");
    const request = { session: headers["tutti-session"], head: JSON.parse(first), frames, keepalive };
    asked.push(request);
    const reply = answer(request) ?? usual(request);
    if (reply === "fails") throw new TypeError("the network failed");
    if (reply === "hangs") return hanging(signal);
    const text = reply.lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    return { ok: (reply.status ?? 200) < 300, text: async () => text };
  };
  const told: unknown[] = [];
  const transport = pollingTransport({ address: "http://here/v1/poll", fetch, clock, random: noJitter });
  const connection = transport.connect({
    opened: (subprotocol) => told.push(["opened", subprotocol]),
    frame: (frame) => told.push(frame),
    closed: (code, _reason, error?: ErrorData) =>
      told.push(error === undefined ? ["closed", code] : [code, error.code]),
  });
  return {
    clock,
    asked,
    told,
    connection,
    sent: () => asked.flatMap(({ head, frames }) => ("from" in head ? [frames] : [])),
  };
}

function usual({ head, frames }: Asked): Answer {
  if ("subprotocol" in head) return { lines: [{ session: "s1", wait: 25_000 }], status: 201 };
  if ("wait" in head) return "hangs";
  return { lines: [{ received: Number(head["from"]) + frames.length - 1 }] };
}

const hanging = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

describe("C13: a connection over HTTP", () => {
  it("opens a session, and sends what is said in one turn in one request", async () => {
    const { clock, asked, told, connection, sent } = connect(() => undefined);
    await clock.settle();
    expect(told).toEqual([["opened", "tutti.v1+json"]]);
    expect(asked[0]).toMatchObject({ session: undefined, head: { subprotocol: "tutti.v1+json" } });
    connection.send("1");
    connection.send("2");
    await clock.settle();
    connection.send("3");
    expect(connection.bufferedBytes).toBe(1);
    await clock.settle();
    expect(sent()).toEqual([["1", "2"], ["3"]]);
    expect(asked.at(-1)).toMatchObject({ session: "s1", head: { from: 3 } });
    expect(connection.bufferedBytes).toBe(0);
  });

  it("sends what was said before it was open", async () => {
    const { clock, connection, sent } = connect(() => undefined);
    connection.send("early");
    await clock.settle();
    expect(sent()).toEqual([["early"]]);
  });

  it("repeats a request that failed, with the same numbers, and what came meanwhile behind it", async () => {
    let failures = 2;
    const world = connect(({ head }) => ("from" in head && failures-- > 0 ? "fails" : undefined));
    await world.clock.settle();
    world.connection.send("1");
    await world.clock.settle();
    world.connection.send("2");
    await world.clock.advance(1000);
    expect(world.sent()).toEqual([["1"], ["1", "2"], ["1", "2"]]);
    expect(world.connection.bufferedBytes).toBe(0);
  });

  it("sends much in several requests", async () => {
    const { clock, connection, sent } = connect(() => undefined);
    await clock.settle();
    for (let count = 0; count < 450; count += 1) connection.send("x");
    connection.send("y".repeat(300_000));
    connection.send("z".repeat(300_000));
    await clock.settle();
    expect(sent().map((frames) => frames.length)).toEqual([200, 200, 50, 1, 1]);
  });

  it("takes each message once, in whatever answers it comes again, and refuses a gap", async () => {
    const answers: Answer[] = [
      { lines: [{ from: 1 }, "a", "b"] },
      { lines: [{ from: 1 }, "a", "b", "c"] },
      { lines: [{ from: 3 }, "c", "d"] },
      { lines: [{ from: 6 }, "f"] },
    ];
    const { clock, told, asked } = connect(({ head }) => ("wait" in head ? answers.shift() : undefined));
    await clock.advance(100);
    expect(told.slice(1)).toEqual(["a", "b", "c", "d", ["closed", 1006]]);
    expect(asked.slice(1).map(({ head }) => head["received"])).toEqual([0, 2, 3, 4]);
  });

  it("ends as the server says", async () => {
    const { clock, told } = connect(({ head }) =>
      "wait" in head ? { lines: [{ from: 1, closed: { code: 4401, reason: "" } }, "last"] } : undefined,
    );
    await clock.settle();
    expect(told.slice(1)).toEqual(["last", ["closed", 4401]]);
  });

  it("ends when the server does not know it any more, or can't be reached for too long", async () => {
    const error = { code: "not_found", message: "no such session", retry: false };
    const forgotten = connect(({ head }) => ("wait" in head ? { lines: [{ error }], status: 404 } : undefined));
    await forgotten.clock.settle();
    expect(forgotten.told.slice(1)).toEqual([["closed", 1006]]);
    const alone = connect(({ head }) => ("wait" in head ? "fails" : undefined));
    await alone.clock.advance(10_000);
    expect(alone.told).toHaveLength(1);
    await alone.clock.advance(2000);
    expect(alone.told.slice(1)).toEqual([["closed", 1006]]);
  });

  it("waits as long as the server asks for", async () => {
    let refusals = 1;
    const error = { code: "rate_limited", message: "slowly", retry: true, retryAfter: 7000 };
    const world = connect(({ head }) =>
      "from" in head && refusals-- > 0 ? { lines: [{ error }], status: 429 } : undefined,
    );
    await world.clock.settle();
    world.connection.send("1");
    await world.clock.advance(6999);
    expect(world.sent()).toHaveLength(1);
    await world.clock.advance(1);
    expect(world.sent()).toHaveLength(2);
  });

  it("gives up a poll that nobody answers, and asks again", async () => {
    const { clock, asked } = connect(() => undefined);
    await clock.advance(39_999);
    expect(asked).toHaveLength(2);
    await clock.advance(251);
    expect(asked).toHaveLength(3);
  });

  it.each<[string, Answer]>([
    ["a page that asks to sign in to the network", { lines: ["<html>", "</html>"] }],
    ["an answer of something else", { lines: [{ hello: "world" }] }],
    ["a proxy's refusal", { lines: ["Bad Gateway"], status: 502 }],
    ["nobody", "fails"],
  ])("is not opened by %s", async (_name, answer) => {
    const { clock, told } = connect(() => answer);
    await clock.settle();
    expect(told).toEqual([["closed", 1006]]);
  });

  it("tells why the server did not let it in", async () => {
    const error = { code: "overloaded", message: "full", retry: true, retryAfter: 4000 };
    const { clock, told } = connect(() => ({ lines: [{ error }], status: 429 }));
    await clock.settle();
    expect(told).toEqual([[1006, "overloaded"]]);
  });

  it("says goodbye with what was not sent yet, in a request that outlives the page", async () => {
    const { clock, asked, told, connection } = connect(() => undefined);
    await clock.settle();
    connection.send("last words");
    connection.close(1000, "done");
    await clock.settle();
    const farewell = {
      session: "s1",
      head: { from: 1, close: { code: 1000, reason: "done" } },
      frames: ["last words"],
    };
    expect(asked.at(-1)).toEqual({ ...farewell, keepalive: true });
    expect(told).toHaveLength(1);
    connection.send("too late");
    await clock.advance(60_000);
    expect(asked.at(-1)?.head).toHaveProperty("close");
  });

  it("closed before it was open, never opens", async () => {
    const { clock, told, connection, asked } = connect(() => undefined);
    connection.close(1000, "");
    await clock.advance(60_000);
    expect([told, asked.length]).toEqual([[], 1]);
  });
});
