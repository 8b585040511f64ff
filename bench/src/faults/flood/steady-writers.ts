import { type Status, TuttiClient } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { WebSocket } from "ws";
import { auditTokens } from "../kill/tokens.js";
import { Writer } from "../kill/writer.js";
import type { Stage } from "./scenario.js";

const WRITERS = 5;
const PAUSE = 20;

/** Some people who go on writing whatever happens; nothing that they write may be lost. */
export class SteadyWriters {
  readonly #stage: Stage;
  readonly #client: TuttiClient[] = [];
  readonly #writers: Writer[] = [];
  readonly #acknowledged = new Map<number, number>();
  readonly #statuses = new Set<Status>();
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(stage: Stage) {
    this.#stage = stage;
  }

  static async start(stage: Stage): Promise<SteadyWriters> {
    const all = new SteadyWriters(stage);
    const random = new SeededRandom(stage.seed);
    for (let number = 0; number < WRITERS; number += 1) {
      const token = await stage.api.signIn(`Steady ${number}`);
      const client = new TuttiClient({ url: stage.server.url, token, WebSocket });
      const handle = client.open(stage.document);
      handle.on("status", (status) => all.#statuses.add(status));
      await handle.ready;
      all.#client.push(client);
      const acknowledged = (upTo: number): void => void all.#acknowledged.set(number, upTo);
      all.#writers.push(new Writer(number, handle, random.fork(`writer ${number}`), acknowledged));
    }
    all.#writing = Promise.all(all.#writers.map((writer) => writer.write(PAUSE)));
    // Told at the end, by `finish`.
    all.#writing.catch(() => undefined);
    return all;
  }

  /** Tokens acknowledged so far. */
  get acknowledged(): number {
    return [...this.#acknowledged.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What each is told at this moment. */
  get statusesNow(): readonly Status[] {
    return this.#writers.map(({ handle }) => handle.status);
  }

  /** All that any of them was told since the start. */
  get statuses(): ReadonlySet<Status> {
    return this.#statuses;
  }

  /** Everybody stops and is saved. @returns what was lost, in words */
  async finish(): Promise<readonly string[]> {
    for (const writer of this.#writers) writer.stop();
    await this.#writing;
    const { api, token, document } = this.#stage;
    const { text, checksum, version } = await api.content(token, document);
    const { missing, doubled, strange } = auditTokens(text, this.#acknowledged);
    const wrong = missing.length + doubled.length + strange.length;
    const differ = this.#writers.filter(({ handle }) => handle.version === version && handle.checksum !== checksum);
    return [
      ...(wrong === 0 ? [] : [`${missing.length} edits missing, ${doubled.length} doubled, ${strange.length} torn`]),
      ...(differ.length === 0 ? [] : [`${differ.length} writers have another text than the server`]),
    ];
  }

  dispose(): void {
    for (const client of this.#client) client.close();
  }
}
