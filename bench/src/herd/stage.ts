import { type Environment, OwnServer } from "../replay/own-server.js";
import { ServerApi } from "../replay/server-api.js";
import { auditDocuments, inBatches, makeDocuments } from "./documents.js";
import { Members } from "./members.js";
import type { Seat } from "./messages.js";
import { type Restart, type RestartSettings, restart, until } from "./restart.js";

export interface StageSettings {
  readonly clients: number;
  /** Shared evenly; the first clients of each document write. */
  readonly documents: number;
  /** How many of the clients write. */
  readonly writers: number;
  /** Processes that the clients are spread over. */
  readonly processes: number;
  readonly seed: number;
  /** For the server. */
  readonly environment: Environment;
  readonly progress: (what: string) => void;
}

/** Milliseconds over which the herd arrives first, for each client; and how long it may take after that. */
const ARRIVAL = 4;
const PATIENCE = 120_000;
const PAUSE = 2000;
/** Between two words on how many are here, in milliseconds. */
const TELL = 5000;

/** A server, its documents, and everybody who has them open. */
export class Stage {
  readonly #server: OwnServer;
  readonly #settings: StageSettings;
  readonly #seats: readonly Seat[];
  readonly #members: Members;
  readonly #token: string;

  private constructor(server: OwnServer, settings: StageSettings, seats: readonly Seat[], token: string) {
    const { clients, processes, seed } = settings;
    this.#server = server;
    this.#settings = settings;
    this.#seats = seats;
    this.#token = token;
    this.#members = new Members(
      { url: server.url, seats, seed, arriveWithin: clients * ARRIVAL, pause: PAUSE },
      processes,
    );
  }

  /** Resolves when everybody has their document open. */
  static async set(settings: StageSettings): Promise<Stage> {
    const { environment, documents, progress } = settings;
    const server = await OwnServer.start({ environment });
    try {
      const api = new ServerApi(server.url);
      const token = await api.signIn("Founder");
      progress(`${documents} documents`);
      const ids = await makeDocuments(api, server.url, token, documents);
      progress(`${settings.clients} people`);
      const stage = new Stage(server, settings, await seatsFor(api, ids, settings), token);
      await stage.#gathered().catch((error: unknown) => {
        stage.#members.dispose();
        throw error;
      });
      return stage;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  async restart(settings: RestartSettings): Promise<Restart> {
    this.#settings.progress(`restart (${settings.how})`);
    const result = await restart(this.#server, this.#members, settings);
    this.#settings.progress("everybody is back, or time is over");
    return result;
  }

  /** Writers stop; then everything that was acknowledged is looked for. @returns what is wrong, in words */
  async audit(): Promise<readonly string[]> {
    await this.#members.finish();
    const writers = new Map<string, Map<number, number>>();
    for (const { document, member } of this.#seats) {
      const acknowledged = writers.get(document) ?? new Map<number, number>();
      writers.set(document, acknowledged.set(member, this.#members.acknowledged.get(member) ?? 0));
    }
    const lost = await auditDocuments(new ServerApi(this.#server.url), this.#token, writers);
    return [...this.#members.problems, ...lost];
  }

  /** Tokens that were acknowledged so far, of all writers. */
  get acknowledged(): number {
    return [...this.#members.acknowledged.values()].reduce((sum, count) => sum + count, 0);
  }

  async dispose(): Promise<void> {
    this.#members.dispose();
    await this.#server.dispose();
  }

  async #gathered(): Promise<void> {
    const { clients, progress } = this.#settings;
    let told = performance.now();
    const end = told + clients * ARRIVAL + PATIENCE;
    await until(async () => {
      const { here } = await this.#members.look();
      if (performance.now() - told > TELL) {
        told = performance.now();
        progress(`${here} of them are here`);
      }
      if (here < clients && performance.now() > end) throw new Error(`only ${here} of ${clients} came`);
      return here === clients;
    });
  }
}

async function seatsFor(
  api: ServerApi,
  documents: readonly string[],
  { clients, writers }: StageSettings,
): Promise<readonly Seat[]> {
  const seats: Seat[] = [];
  await inBatches(clients, async (index) => {
    const token = await api.signIn(`Member ${index + 1}`);
    seats.push({
      member: index + 1,
      document: documents[index % documents.length] ?? "",
      token,
      writes: index < writers,
    });
  });
  return seats;
}
