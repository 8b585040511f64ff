import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerApi } from "../replay/server-api.js";
import { type Running, startTutti } from "../server/contestants.js";
import type { ServerProcess } from "../server/server-process.js";
import type { ClientsCrew, ClientsOrder } from "./crews/clients.js";
import type { EditorsCrew } from "./crews/editors.js";
import { type Crew, startCrew } from "./crews/remote.js";
import { inGroups } from "./crews/replica.js";
import type { ViewersCrew } from "./crews/viewers.js";
import type { Place } from "./people/wire.js";

/** Letters in the document before anybody types. */
const LENGTH = 10_000;
const SIGNING_IN = 20;

/** A server with one document, and everybody who was called to it. */
export class Stage {
  readonly server: ServerProcess;
  readonly place: Place;
  readonly #api: ServerApi;
  readonly #running: Running;
  readonly #folder: string;
  readonly #crews: Crew<unknown>[] = [];

  private constructor(running: Running, place: Place, folder: string) {
    this.#running = running;
    this.server = running.server;
    this.place = place;
    this.#folder = folder;
    this.#api = new ServerApi(place.url);
  }

  /** @param environment settings that differ from the defaults @param script of the server, where it is not the usual one */
  static async set(environment: Readonly<Record<string, string>> = {}, script?: URL): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
    const running = await startTutti(folder, environment, script);
    const { document } = await running.target();
    return new Stage(running, { url: running.server.url, document }, folder);
  }

  /** As many people, by their tokens. */
  async people(count: number): Promise<readonly string[]> {
    const tokens = new Array<string>(count).fill("");
    await inGroups(tokens, SIGNING_IN, async (_, index) => {
      tokens[index] = await this.#api.signIn(`Person ${index}`);
    });
    return tokens;
  }

  editors(): Crew<EditorsCrew> {
    return this.#call<EditorsCrew>("./editors.js");
  }

  viewers(): Crew<ViewersCrew> {
    return this.#call<ViewersCrew>("./viewers.js");
  }

  /** A sample of real clients; the first one writes the text that everybody finds. */
  async clients(order: Omit<ClientsOrder, "place">): Promise<Crew<ClientsCrew>> {
    const crew = this.#call<ClientsCrew>("./clients.js");
    await crew.remote.join({ place: this.place, ...order });
    await crew.remote.write("The quick brown fox jumps over the lazy dog. ".repeat(LENGTH / 45));
    return crew;
  }

  /** The newest version, as HTTP tells it. */
  async content(): Promise<{ readonly version: number; readonly checksum: number; readonly text: string }> {
    const [token = ""] = await this.people(1);
    return this.#api.content(token, this.place.document);
  }

  /** Figures of the server's own metrics. @returns by name, without labels */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.place.url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => !line.startsWith("#") && !line.includes("{"));
    return new Map(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));
  }

  /** Ends all processes and removes the data. */
  async strike(): Promise<void> {
    for (const crew of this.#crews) crew.end();
    await this.#running.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #call<T>(module: string): Crew<T> {
    const crew = startCrew<T>(module);
    this.#crews.push(crew as Crew<unknown>);
    return crew;
  }
}

/** Sets a stage, plays on it, and clears it whatever happens. */
export async function onStage<T>(stage: Promise<Stage>, play: (stage: Stage) => Promise<T>): Promise<T> {
  const set = await stage;
  try {
    return await play(set);
  } finally {
    await set.strike();
  }
}
