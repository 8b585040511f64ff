import { getPriority } from "node:os";
import { TuttiClient } from "@tutti/client";
import { WebSocket } from "ws";
import { grouped } from "../../replay/figures.js";
import { OwnServer } from "../../replay/own-server.js";
import { ServerApi } from "../../replay/server-api.js";
import { auditTokens } from "../kill/tokens.js";
import { Bystander } from "./bystander.js";
import { MemoryWatch } from "./memory.js";
import type { Findings, FloodReport, Scenario, Stage } from "./scenario.js";

/** Edits of the bystander before the flood, to compare with. */
const CALM = 2000;
/** When memory is looked at again after the flood. */
const LATER = 5000;
/** Everything must work again after so long, in milliseconds. */
const RECOVERY = 30_000;
/** Of a newcomer, in milliseconds. */
const PATIENCE = 10_000;
/** Between two edits of the bystander: as many as one person is allowed in a minute (L1). */
const PAUSE = 70;
/** Of the server and the bystander: that of this process at its start. The flood itself has the lowest. */
const NORMAL = getPriority();

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs one scenario against a server of its own. */
export async function runScenario(scenario: Scenario, seed: number): Promise<FloodReport> {
  const folder = await scenario.prepare?.();
  try {
    const server = await OwnServer.start({ priority: NORMAL, ...(folder === undefined ? {} : { data: folder.data }) });
    try {
      return await flood(scenario, server, seed);
    } finally {
      await server.dispose();
    }
  } finally {
    await folder?.remove();
  }
}

async function flood(scenario: Scenario, server: OwnServer, seed: number): Promise<FloodReport> {
  const api = new ServerApi(server.url);
  const token = await api.signIn("Flood");
  const quiet = { token: await api.signIn("Bystander"), document: "" };
  quiet.document = await api.createDocument(quiet.token, "Quiet", "plain");
  const bystander = await Bystander.start({ url: server.url, ...quiet, pause: PAUSE, priority: NORMAL });
  const memory = new MemoryWatch(server.pid ?? 0);
  try {
    await after(CALM);
    const calm = await bystander.samples();
    const memoryBefore = memory.takePeak();
    const started = performance.now();
    const found: Findings[] = [];
    let document = "";
    for (let round = 0; round < scenario.rounds; round += 1) {
      document = await api.createDocument(token, `Flooded, round ${round + 1}`, "plain");
      found.push(await scenario.run({ server, api, token, document, seed: seed + round }));
    }
    const milliseconds = performance.now() - started;
    const during = await bystander.samples();
    const { recovery, problems } = await recovered({ server, api, token, document, seed }, bystander);
    await after(LATER);
    const memoryPeak = memory.takePeak();
    const memoryAfter = memory.now();
    const last = found.at(-1) ?? { notes: [], problems: [] };
    const figures = { scenario, calm, during, memoryBefore, memoryPeak, memoryAfter, recovery, milliseconds };
    const report = {
      ...figures,
      notes: last.notes,
      problems: [...found.flatMap((round) => round.problems), ...problems],
    };
    const lost = await lostEdits(api, quiet, await bystander.finish());
    return { ...report, problems: [...report.problems, ...lost, ...brokenBounds(report)] };
  } finally {
    memory.stop();
    bystander.dispose();
  }
}

/** Until health is good, somebody new can write where the flood was, and the bystander's edits are quick again. */
async function recovered(stage: Stage, bystander: Bystander): Promise<{ recovery: number; problems: string[] }> {
  const started = performance.now();
  let reason = "";
  while (performance.now() - started < RECOVERY) {
    reason = await complaint(stage, bystander);
    if (reason === "") return { recovery: performance.now() - started, problems: [] };
    await after(100);
  }
  return { recovery: RECOVERY, problems: [`not recovered after ${grouped(RECOVERY)} ms: ${reason}`] };
}

/** What somebody new would complain of; nothing when all is well. */
async function complaint({ server, api, document }: Stage, bystander: Bystander): Promise<string> {
  try {
    const health = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(PATIENCE) });
    if (!health.ok) return `healthz says ${health.status}`;
    await writeAnew(server.url, await api.signIn("Newcomer"), document);
    await bystander.samples();
    await after(300);
    const slowest = (await bystander.samples()).percentile(1) ?? Number.POSITIVE_INFINITY;
    return slowest < 1000 ? "" : `an edit in another document took ${grouped(slowest)} ms`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Somebody who has never been here opens the document and writes something. @throws Error when it is not saved soon */
async function writeAnew(url: string, token: string, document: string): Promise<void> {
  const client = new TuttiClient({ url, token, WebSocket });
  const handle = client.open(document);
  const written = handle.ready.then(() => {
    handle.insert(0, ".");
    return handle.saved();
  });
  const tooLate = after(PATIENCE).then(() => Promise.reject(new Error(`a newcomer reads "${handle.status}"`)));
  try {
    await Promise.race([written, tooLate]);
  } finally {
    client.close();
  }
}

async function lostEdits(
  api: ServerApi,
  { token, document }: { readonly token: string; readonly document: string },
  acknowledged: number,
): Promise<readonly string[]> {
  const { text } = await api.content(token, document);
  const { missing, doubled, strange } = auditTokens(text, new Map([[0, acknowledged]]));
  const wrong = missing.length + doubled.length + strange.length;
  return wrong === 0 ? [] : [`the other document: ${missing.length} edits missing, ${doubled.length} doubled`];
}

function brokenBounds({ scenario, during, memoryPeak }: FloodReport): readonly string[] {
  const broken: string[] = [];
  if (memoryPeak > scenario.memory) broken.push(`memory went beyond its bound of ${megabytes(scenario.memory)}`);
  const p99 = during.percentile(0.99) ?? Number.POSITIVE_INFINITY;
  if (scenario.others !== undefined && p99 > scenario.others) {
    broken.push(`edits elsewhere took ${p99.toFixed(0)} ms (p99), more than ${scenario.others}`);
  }
  return broken;
}

/** "512 MB" */
export const megabytes = (bytes: number): string => `${grouped(bytes / 1e6)} MB`;
