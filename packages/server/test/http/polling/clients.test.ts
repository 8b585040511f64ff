import { type ConnectionState, type DocumentHandle, type Fetch, type PlatformEvent, TuttiClient } from "@tutti/client";
import type { Cancel } from "@tutti/protocol";
import { SeededRandom } from "@tutti/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemRandom } from "../../../src/environment.js";
import { fastClock, type RunningServer, startServer } from "./running-server.js";

const clock = fastClock(5);
let running: RunningServer;
let clients: TuttiClient[] = [];
/** What a proxy lets through. */
let webSocketsWork: boolean;
/** What browsers would tell. */
let platform: ((event: PlatformEvent) => void)[] = [];

/** A WebSocket behind a proxy that may know nothing of WebSockets. */
function ProxiedWebSocket(url: string, protocols: string[]): WebSocket {
  return new WebSocket(webSocketsWork ? url : "ws://127.0.0.1:1", protocols);
}

function online(listener: (event: PlatformEvent) => void): Cancel {
  platform.push(listener);
  return () => undefined;
}

interface Member {
  readonly client: TuttiClient;
  readonly doc: DocumentHandle;
}

async function join(token: string, options: { readonly proxied: boolean; readonly fetch?: Fetch }): Promise<Member> {
  const client = new TuttiClient({
    url: running.url,
    token,
    WebSocket: (options.proxied ? ProxiedWebSocket : WebSocket) as never,
    ...(options.fetch && { fetch: options.fetch }),
    environment: { clock, random: systemRandom, online },
  });
  clients.push(client);
  const doc = client.open("doc");
  await doc.ready;
  return { client, doc };
}

/** Waits until the text of `doc` is so. */
function reads(doc: DocumentHandle, right: (text: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!right(doc.text())) return;
      stop();
      resolve();
    };
    const stop = doc.on("change", look);
    look();
  });
}

function connects(client: TuttiClient, right: (connection: ConnectionState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (right(client.connection)) resolve();
    const stop = client.on("connection", (connection) => {
      if (!right(connection)) return;
      stop();
      resolve();
    });
  });
}

beforeEach(async () => {
  webSocketsWork = false;
  running = await startServer(clock);
});

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  platform = [];
  await running.stop();
});

const letters = (text: string, letter: string): number => text.split(letter).length - 1;

describe("C13: where WebSockets are blocked", () => {
  it("messages are polled, and edits, cursors and farewells travel both ways", async () => {
    const ann = await join("ann", { proxied: false });
    const bob = await join("bob", { proxied: true });
    expect([ann.client.transport, bob.client.transport]).toEqual(["websocket", "polling"]);
    expect(bob.client.connection).toMatchObject({ state: "connected", transport: "polling" });
    ann.doc.insert(0, "from Ann");
    await reads(bob.doc, (text) => text === "from Ann");
    bob.doc.insert(8, ", from Bob 😀");
    await bob.doc.saved();
    await reads(ann.doc, (text) => text === "from Ann, from Bob 😀");
    expect(ann.doc.checksum).toBe(bob.doc.checksum);

    const seen = new Promise<void>((resolve) => {
      ann.doc.presence.on("change", ([other]) => other?.cursor?.anchor === 3 && resolve());
    });
    bob.doc.presence.setCursor({ anchor: 3, head: 3 });
    await seen;
    const gone = new Promise<void>((resolve) => {
      ann.doc.presence.on("change", (others) => others.length === 0 && resolve());
    });
    bob.doc.insert(0, "last words ");
    bob.client.close();
    await gone;
    await reads(ann.doc, (text) => text.startsWith("last words "));
    expect(running.sessions.size).toBe(0);
  });

  it("requests and answers that are lost, late or doubled lose nothing, and double nothing", async () => {
    const random = new SeededRandom(13);
    const faults = { lost: 0, unanswered: 0, doubled: 0 };
    let faulty = false;
    const badFetch: Fetch = async (url, request) => {
      if (faulty && random.chance(0.15)) {
        faults.lost += 1;
        throw new TypeError("the network failed");
      }
      if (faulty && random.chance(0.15)) {
        faults.doubled += 1;
        void fetch(url, { ...request, signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      }
      const response = await fetch(url, request);
      if (faulty && random.chance(0.15)) {
        faults.unanswered += 1;
        throw new TypeError("the answer was lost");
      }
      return response;
    };
    const ann = await join("ann", { proxied: false });
    const bob = await join("bob", { proxied: true, fetch: badFetch });
    faulty = true;
    for (let round = 0; round < 30; round += 1) {
      ann.doc.insert(random.between(0, ann.doc.length), "a");
      bob.doc.insert(random.between(0, bob.doc.length), "b");
      await (round % 3 === 0 ? bob : ann).doc.saved();
    }
    await Promise.all([ann.doc.saved(), bob.doc.saved()]);
    const whole = (text: string): boolean => letters(text, "a") === 30 && letters(text, "b") === 30;
    await Promise.all([reads(ann.doc, whole), reads(bob.doc, whole)]);
    expect(ann.doc.text()).toBe(bob.doc.text());
    expect(ann.doc.length).toBe(60);
    expect(Math.min(...Object.values(faults))).toBeGreaterThan(0);
    faulty = false;
  });

  it("the client goes back to a WebSocket when they work again, in the middle of typing", async () => {
    const ann = await join("ann", { proxied: false });
    const bob = await join("bob", { proxied: true });
    const statuses: string[] = [];
    bob.doc.on("status", (status) => statuses.push(status));
    let others = 0;
    ann.doc.presence.on("change", (people) => {
      others = Math.max(others, people.length);
    });
    webSocketsWork = true;
    for (const tell of platform) tell("online");
    let typed = 0;
    const switched = connects(bob.client, ({ transport, state }) => transport === "websocket" && state === "connected");
    let done = false;
    void switched.then(() => {
      done = true;
    });
    while (!done) {
      bob.doc.insert(typed, "b");
      ann.doc.insert(0, "a");
      typed += 1;
      await Promise.race([switched, ann.doc.saved()]);
    }
    bob.doc.insert(bob.doc.length, "the end");
    await Promise.all([ann.doc.saved(), bob.doc.saved()]);
    await reads(ann.doc, (text) => letters(text, "b") === typed && text.includes("the end"));
    await reads(bob.doc, (text) => letters(text, "a") === typed);
    expect(ann.doc.text()).toBe(bob.doc.text());
    expect(statuses).not.toContain("Working offline");
    expect(others).toBe(1);
    expect(bob.client.transport).toBe("websocket");
  });

  it("a session that the server has forgotten is replaced, and what was typed meanwhile arrives", async () => {
    let cut = false;
    const cutFetch: Fetch = (url, request) => (cut ? Promise.reject(new TypeError("no network")) : fetch(url, request));
    const ann = await join("ann", { proxied: false });
    const bob = await join("bob", { proxied: true, fetch: cutFetch });
    cut = true;
    const gone = new Promise<void>((resolve) => {
      ann.doc.presence.on("change", (others) => others.length === 0 && resolve());
    });
    bob.doc.insert(0, "typed alone");
    await Promise.all([gone, connects(bob.client, ({ state }) => state === "offline")]);
    cut = false;
    await bob.doc.saved();
    expect(bob.client.transport).toBe("polling");
    await reads(ann.doc, (text) => text === "typed alone");
  });
});
