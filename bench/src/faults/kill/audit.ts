import { Document } from "@tutti/ot";
import type { SeededRandom } from "@tutti/testkit";
import type { ServerApi } from "../../replay/server-api.js";
import { messageOf, startChild } from "../child.js";
import type { FromReader, ReaderOrder, Replica } from "./messages.js";
import { auditTokens } from "./tokens.js";

/** For each document, for each of its writers, the count of the newest acknowledged token. */
export type Acknowledged = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What audits found, added up. */
export interface Findings {
  /** Acknowledged tokens that were not in a text that was read afterwards. */
  missing: number;
  doubled: number;
  strange: number;
  /** Replicas whose checksum was compared with the server's. */
  replicas: number;
  /** Old versions that were read and whose checksum was computed anew. */
  versions: number;
  /** What is wrong, in words. */
  readonly problems: string[];
}

export const noFindings = (): Findings => ({
  missing: 0,
  doubled: 0,
  strange: 0,
  replicas: 0,
  versions: 0,
  problems: [],
});

/** Old versions of each document that an audit reads. */
const VERSIONS = 3;
/** Examples that are told of each kind of damage. */
const EXAMPLES = 5;

export interface AuditSettings {
  readonly api: ServerApi;
  readonly url: string;
  readonly token: string;
  readonly random: SeededRandom;
}

/** Somebody new opens every document, in a process of their own, and looks for everything that was acknowledged. */
export async function auditAfresh(
  settings: AuditSettings,
  acknowledged: Acknowledged,
  findings: Findings,
): Promise<void> {
  const { url, token } = settings;
  const order: ReaderOrder = { url, token, documents: [...acknowledged.keys()] };
  const reader = startChild("kill/reader-process.js", order);
  try {
    const isAnswer = (message: FromReader): message is FromReader => "replicas" in message;
    const { replicas } = await messageOf(reader, isAnswer);
    for (const replica of replicas) {
      auditText(`a new reader of ${replica.document} v${replica.version}`, replica, acknowledged, findings);
      await auditReplica(settings, replica, findings);
      await auditOldVersions(settings, replica, findings);
    }
  } finally {
    reader.kill("SIGKILL");
  }
}

/** A replica has the server's checksum of its version. */
export async function auditReplica(settings: AuditSettings, replica: Replica, findings: Findings): Promise<void> {
  const { document, version, checksum, text } = replica;
  findings.replicas += 1;
  const server = await settings.api.content(settings.token, document, version);
  if (server.checksum === checksum && server.text === text) return;
  findings.problems.push(`a replica of ${document} v${version} differs from the server`);
}

function auditText(who: string, { document, text }: Replica, acknowledged: Acknowledged, findings: Findings): void {
  const { missing, doubled, strange } = auditTokens(text, acknowledged.get(document) ?? new Map());
  findings.missing += missing.length;
  findings.doubled += doubled.length;
  findings.strange += strange.length;
  for (const [what, tokens] of Object.entries({ missing, doubled, strange })) {
    if (tokens.length === 0) continue;
    findings.problems.push(`${who}: ${tokens.length} ${what}: ${tokens.slice(0, EXAMPLES).join(" ")}`);
  }
}

/** Versions at random: their checksums, computed anew from their content, and no token is there twice. */
async function auditOldVersions(
  { api, token, random }: AuditSettings,
  { document, version: newest }: Replica,
  findings: Findings,
): Promise<void> {
  for (let left = newest === 0 ? 0 : VERSIONS; left > 0; left -= 1) {
    const version = random.between(1, newest);
    const { checksum, content, text } = await api.content(token, document, version);
    findings.versions += 1;
    if (Document.fromOperation(content).checksum !== checksum) {
      findings.problems.push(`${document} v${version} has not the checksum that is told`);
    }
    const tokens = text.split(";");
    if (new Set(tokens).size < tokens.length) findings.problems.push(`${document} v${version} has a token twice`);
  }
}
