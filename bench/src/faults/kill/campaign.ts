import { SeededRandom } from "@tutti/testkit";
import { Latencies } from "../../replay/figures.js";
import { type Environment, OwnServer } from "../../replay/own-server.js";
import { ServerApi } from "../../replay/server-api.js";
import { type AuditSettings, auditAfresh, auditReplica, type Findings, noFindings } from "./audit.js";
import { KillMoments } from "./kill-moments.js";
import type { FromWriters, WriterSeat } from "./messages.js";
import { WriterProcess } from "./writer-process.js";

export interface CampaignSettings {
  readonly kills: number;
  readonly writers: number;
  /** Writers share them evenly. */
  readonly documents: number;
  /** Processes that the writers are spread over. */
  readonly processes: number;
  /** Decides what is written where, and when the server is killed; the machine decides the rest. */
  readonly seed: number;
  /** Audits while people write, one each so many kills. */
  readonly auditEvery: number;
  /** Longest pause between two tokens of one writer, in milliseconds. */
  readonly pause: number;
  /** For the server: where its database is, say. */
  readonly environment?: Environment;
  readonly progress?: (kills: number) => void;
  /** Called at the end, when the server has stopped in good order and its data is still there. */
  readonly stopped?: (data: string) => Promise<readonly string[]>;
}

export interface CampaignReport extends Findings {
  readonly kills: number;
  /** Of these, before the server was ready again after the kill before. */
  readonly killsWhileStarting: number;
  readonly acknowledged: number;
  readonly versionsWritten: number;
  /** From the start of a process until it accepts connections. */
  readonly ready: Latencies;
  /** From a kill until somebody is told again that something is saved. */
  readonly recovered: Latencies;
  readonly milliseconds: number;
}

/** `kill -9` again and again under people who write; then nothing that was acknowledged may be missing or doubled. */
export async function runKillCampaign(settings: CampaignSettings): Promise<CampaignReport> {
  const environment = { TUTTI_LIMITS: "off", ...settings.environment };
  const server = await OwnServer.start({ environment });
  const campaign = new Campaign(server, settings);
  try {
    return await campaign.run();
  } finally {
    campaign.dispose();
    await server.dispose();
  }
}

class Campaign {
  readonly #server: OwnServer;
  readonly #settings: CampaignSettings;
  readonly #api: ServerApi;
  readonly #random: SeededRandom;
  readonly #acknowledged = new Map<string, Map<number, number>>();
  readonly #documentOf = new Map<number, string>();
  readonly #findings = noFindings();
  readonly #ready = new Latencies();
  readonly #recovered = new Latencies();
  readonly #started = performance.now();
  #processes: readonly WriterProcess[] = [];
  #heard: (() => void)[] = [];
  #killsWhileStarting = 0;

  constructor(server: OwnServer, settings: CampaignSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#api = new ServerApi(server.url);
    this.#random = new SeededRandom(settings.seed);
  }

  async run(): Promise<CampaignReport> {
    const token = await this.#api.signIn("Auditor");
    const audit = { api: this.#api, url: this.#server.url, token, random: this.#random.fork("audit") };
    this.#processes = await this.#startWriters(token);
    await this.#nextAcknowledgement();
    await this.#killAgainAndAgain(audit);
    await Promise.all(this.#processes.map((process) => process.finish()));
    const versionsWritten = await this.#auditAtTheEnd(audit);
    for (const writers of this.#processes) writers.dispose();
    if (this.#settings.stopped !== undefined) {
      await this.#server.stop();
      this.#findings.problems.push(...(await this.#settings.stopped(this.#server.data)));
    }
    return this.#report(versionsWritten);
  }

  dispose(): void {
    for (const process of this.#processes) process.dispose();
  }

  async #startWriters(token: string): Promise<readonly WriterProcess[]> {
    const { documents, writers, processes, seed, pause } = this.#settings;
    const ids: string[] = [];
    for (let index = 0; index < documents; index += 1) {
      const id = await this.#api.createDocument(token, `Written under kills, ${index + 1}`, "plain");
      ids.push(id);
      this.#acknowledged.set(id, new Map());
    }
    const seats: WriterSeat[] = [];
    for (let writer = 0; writer < writers; writer += 1) {
      const document = ids[writer % ids.length] ?? "";
      this.#documentOf.set(writer, document);
      this.#acknowledged.get(document)?.set(writer, 0);
      seats.push({ writer, document, token: await this.#api.signIn(`Writer ${writer}`) });
    }
    const { url } = this.#server;
    return Array.from({ length: processes }, (_, index) => {
      const own = seats.filter(({ writer }) => writer % processes === index);
      return new WriterProcess({ url, seats: own, seed, pause }, (message) => this.#told(message));
    });
  }

  async #killAgainAndAgain(audit: AuditSettings): Promise<void> {
    const moments = new KillMoments(this.#random.fork("kills"), () => this.#nextAcknowledgement());
    for (let kill = 1; kill <= this.#settings.kills; kill += 1) {
      await moments.serving();
      await this.#server.kill();
      const killed = performance.now();
      const early = moments.starting();
      if (early !== undefined && kill < this.#settings.kills) {
        kill += 1;
        await this.#killWhileStarting(early);
      }
      const started = performance.now();
      await this.#server.launch();
      this.#ready.add(performance.now() - started);
      void this.#nextAcknowledgement().then(() => this.#recovered.add(performance.now() - killed));
      this.#settings.progress?.(kill);
      if (kill % this.#settings.auditEvery === 0) await auditAfresh(audit, this.#snapshot(), this.#findings);
    }
    await this.#nextAcknowledgement();
  }

  async #killWhileStarting(delay: number): Promise<void> {
    const starting = this.#server.launch().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delay));
    await this.#server.kill();
    await starting;
    this.#killsWhileStarting += 1;
  }

  /** Everybody has stopped: fresh readers, and all writers, have what the server has. @returns versions of all documents */
  async #auditAtTheEnd(audit: AuditSettings): Promise<number> {
    await auditAfresh(audit, this.#snapshot(), this.#findings);
    const versions: Record<string, number> = {};
    for (const document of this.#acknowledged.keys()) {
      versions[document] = (await this.#api.content(audit.token, document)).version;
    }
    for (const process of this.#processes) {
      for (const replica of await process.replicas(versions)) await auditReplica(audit, replica, this.#findings);
    }
    return Object.values(versions).reduce((sum, version) => sum + version, 0);
  }

  #told(message: FromWriters): void {
    if (message.type === "failed") {
      this.#findings.problems.push(`writer ${message.writer} could not go on: ${message.reason}`);
    }
    if (message.type !== "acknowledged") return;
    const document = this.#documentOf.get(message.writer) ?? "";
    this.#acknowledged.get(document)?.set(message.writer, message.upTo);
    for (const heard of this.#heard.splice(0)) heard();
  }

  #nextAcknowledgement(): Promise<void> {
    return new Promise((resolve) => this.#heard.push(resolve));
  }

  /** What is acknowledged by now: what comes later may be missing in an answer that is on its way already. */
  #snapshot(): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return new Map([...this.#acknowledged].map(([document, writers]) => [document, new Map(writers)]));
  }

  #report(versionsWritten: number): CampaignReport {
    const counts = [...this.#acknowledged.values()].flatMap((writers) => [...writers.values()]);
    return {
      ...this.#findings,
      kills: this.#settings.kills,
      killsWhileStarting: this.#killsWhileStarting,
      acknowledged: counts.reduce((sum, count) => sum + count, 0),
      versionsWritten,
      ready: this.#ready,
      recovered: this.#recovered,
      milliseconds: performance.now() - this.#started,
    };
  }
}
