import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EditorState } from "@codemirror/state";
import { type DocumentHandle, preload, type Transport, TuttiClient } from "@tutti/client";
import { type Connection, codecFor, type Frame } from "@tutti/protocol";
import { createServer, type Store, silentLog } from "@tutti/server";
import { MemoryDisk, MemoryStore, SeededRandom, SimulatedNetwork, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { deltaFromChanges } from "../packages/binding-codemirror/src/from-editor.js";
import { changesFromDelta } from "../packages/binding-codemirror/src/to-editor.js";

// Loading takes real time, and nothing here may.
await preload();

const PAGE = fileURLToPath(new URL("../docs/life-of-a-keystroke.md", import.meta.url));
const codec = codecFor("tutti.v1");

/** Two people, a server and everything between them, with somebody listening at each stop of the page. */
class Journey {
  readonly stops: string[] = [];
  readonly clock = new VirtualClock();
  readonly #random = new SeededRandom(1);
  readonly #network = new SimulatedNetwork(this.clock, this.#random);
  readonly #store = new MemoryStore(new MemoryDisk(), { clock: this.clock, random: this.#random, latency: [5, 5] });

  async start(): Promise<{ readonly ann: DocumentHandle; readonly bob: DocumentHandle }> {
    const { clock } = this;
    const record = {
      id: "doc",
      title: "T",
      kind: "plain",
      identicalInserts: "merge",
      createdBy: "ann",
      createdAt: 0,
      updatedAt: 0,
    } as const;
    const created = this.#store.createDocument(record);
    await clock.advance(50);
    await created;
    const server = createServer({
      store: this.#watchedStore(),
      clock,
      random: this.#random,
      log: silentLog,
      authenticator: {
        verify: async (token) => {
          this.#note(`6 ${token} is known`);
          return { id: token, name: token };
        },
      },
    });
    this.#network.listen((connection, subprotocol) => server.accept(connection, subprotocol));
    const people = { ann: this.#person("ann"), bob: this.#person("bob") };
    await clock.advance(1000);
    expect(this.stops.filter((stop) => stop.startsWith("6"))).toEqual(["6 ann is known", "6 bob is known"]);
    this.stops.length = 0;
    return people;
  }

  note(stop: string): void {
    this.#note(stop);
  }

  #person(name: string): DocumentHandle {
    const host = this.#network.host(name, { up: { from: 10, to: 10 }, down: { from: 10, to: 10 } });
    const transport = this.#watchedTransport(name, host);
    const environment = { clock: this.clock, random: this.#random.fork(name), transport };
    return new TuttiClient({ url: "http://simulated", token: name, environment }).open("doc");
  }

  #watchedTransport(name: string, transport: Transport): Transport {
    return {
      connect: (events) => {
        const incoming = (frame: Frame): void => {
          const message = codec.decodeDown(frame);
          if (message.type === "committed") {
            const carried = message.changes.map(({ operation }) => (operation ? "with" : "without")).join();
            this.#note(`9 ${name} is told version ${message.version}, ${carried} the operation`);
          }
          events.frame(frame);
        };
        const connection = transport.connect({
          opened: (subprotocol) => events.opened(subprotocol),
          frame: incoming,
          closed: (code, reason) => events.closed(code, reason),
        });
        return this.#watchedConnection(name, connection);
      },
    };
  }

  #watchedConnection(name: string, connection: Connection): Connection {
    return {
      send: (frame) => {
        const message = codec.decodeUp(frame);
        if (message.type === "submit") this.#note(`4 ${name} sends sequence ${message.sequence} in one frame`);
        connection.send(frame);
      },
      close: (code, reason) => connection.close(code, reason),
      get bufferedBytes() {
        return connection.bufferedBytes;
      },
    };
  }

  #watchedStore(): Store {
    return new Proxy(this.#store, {
      get: (store, name: keyof Store) => {
        if (name !== "append") return store[name].bind(store);
        return async (...args: Parameters<Store["append"]>) => {
          for (const { operations } of args[0]) this.#note(`7 admitted as version ${operations[0]?.version}`);
          const outcomes = await store.append(...args);
          this.#note(`8 ${outcomes.join()}`);
          return outcomes;
        };
      },
    });
  }

  #note(stop: string): void {
    this.stops.push(stop);
  }
}

describe("the life of a keystroke", () => {
  it("the page names files that are there", () => {
    const links = [...readFileSync(PAGE, "utf8").matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !existsSync(join(dirname(PAGE), link)))).toEqual([]);
  });

  it("the page has its eleven stops in order", () => {
    const numbers = [...readFileSync(PAGE, "utf8").matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("a keystroke visits every stop, and nobody hears of it before it is durable", async () => {
    const journey = new Journey();
    const { ann, bob } = await journey.start();
    ann.insert(0, "hello");
    await journey.clock.advance(1000);
    journey.stops.length = 0;

    const annsEditor = EditorState.create({ doc: ann.text() });
    const bobsEditor = EditorState.create({ doc: bob.text(), selection: { anchor: 5 } });
    const pressed = annsEditor.update({ changes: { from: 5, insert: "x" } });
    const delta = deltaFromChanges(pressed.changes, pressed.startState.doc, pressed.newDoc);
    journey.note(`1 ${JSON.stringify(delta)}`);
    ann.on("change", ({ origin }) => journey.note(`2 Ann sees ${ann.text()} (${origin})`));
    let patched = bobsEditor;
    bob.on("change", (change) => {
      journey.note(
        `10 Bob has ${bob.text()} (${change.origin}), checksum ${bob.checksum === ann.checksum ? "equal" : "different"}`,
      );
      patched = bobsEditor.update({ changes: changesFromDelta(change.delta) }).state;
      journey.note(`11 Bob's editor shows ${patched.doc.toString()}, his cursor is at ${patched.selection.main.head}`);
    });
    ann.edit(delta);
    journey.note(`3 in flight: ${ann.status}`);
    await journey.clock.advance(1000);
    journey.note(`3 done: ${ann.status}`);

    expect(journey.stops).toEqual([
      '1 [{"retain":5},{"insert":"x"}]',
      "2 Ann sees hellox (local)",
      "4 ann sends sequence 2 in one frame",
      "3 in flight: Saving…",
      "7 admitted as version 2",
      "8 stored",
      "9 ann is told version 2, without the operation",
      "9 bob is told version 2, with the operation",
      "10 Bob has hellox (remote), checksum equal",
      "11 Bob's editor shows hellox, his cursor is at 5",
      "3 done: Saved",
    ]);
  });
});
