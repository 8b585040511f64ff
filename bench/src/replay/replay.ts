import { type DocumentHandle, TuttiClient } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { CodePointText } from "./code-point-text.js";
import { countingWebSocket, noTraffic, type Traffic } from "./counting-websocket.js";
import { type Difference, firstDifference, Latencies } from "./figures.js";
import { Kills } from "./kills.js";
import { ServerApi } from "./server-api.js";
import type { Trace } from "./trace.js";
import { Typist } from "./typist.js";

export interface ReplayOptions {
  readonly url: string;
  readonly clients: number;
  readonly kind: "plain" | "rich";
  /** Decides the lengths of turns. */
  readonly seed: number;
  readonly title: string;
  readonly now: () => number;
  /** Told how many transactions were typed. */
  readonly progress: (done: number) => void;
  /** How often the server is killed on the way, and how; left out: never. */
  readonly kills?: { readonly count: number; readonly killAndRestart: () => Promise<void> };
}

export interface ReplayResult {
  readonly document: string;
  readonly transactions: number;
  /** Calls to insert and delete. */
  readonly edits: number;
  /** Operations as the server numbered them. */
  readonly versions: number;
  readonly milliseconds: number;
  /** From an edit until it is durable. */
  readonly saved: Latencies;
  /** From the last edit of a turn until it is durable and the next client shows it; empty with one client. */
  readonly visible: Latencies;
  readonly traffic: Traffic;
  readonly reconnects: number;
  /** How often the server was killed. */
  readonly kills: number;
  /** Who ended with another text than the recorded one. */
  readonly differences: readonly { readonly who: string; readonly difference: Difference }[];
}

/** Longest turn, in transactions. */
const LONGEST_TURN = 20;
/** Typing without a pause, in milliseconds; then the sockets get their turn. */
const STRETCH = 8;

/** Types a recording through real clients over real sockets, and compares what everybody ends up with. */
export async function replay(trace: Trace, options: ReplayOptions): Promise<ReplayResult> {
  const traffic = noTraffic();
  const [saved, visible] = [new Latencies(), new Latencies()];
  const { id, tokens, api } = await prepare(options);
  const WebSocket = countingWebSocket(traffic);
  const clients = tokens.map((token) => new TuttiClient({ url: options.url, token, WebSocket }));
  try {
    const typists = clients.map((client) => new Typist(client.open(id), saved, options.now));
    await Promise.all(typists.map(({ document }) => document.ready));
    const kills = killsOf(trace, typists, options);
    const started = options.now();
    const done = typeAll(trace, typists, visible, kills, options).then(() => everybodySaved(typists, kills));
    // Without server nothing would ever be saved.
    await Promise.race([done, kills.failure]);
    const milliseconds = options.now() - started;
    const server = await api.content(tokens[0] ?? "", id);
    const texts = [{ who: "the server", text: server.text }, ...typists.map(textOf)];
    return {
      document: id,
      transactions: trace.transactions.length,
      edits: typists.reduce((sum, typist) => sum + typist.edits, 0),
      versions: server.version,
      milliseconds,
      saved,
      visible,
      traffic,
      reconnects: traffic.connections - clients.length,
      kills: kills.done,
      differences: differencesOf(trace.endContent, texts),
    };
  } finally {
    for (const client of clients) client.close();
  }
}

function killsOf({ transactions }: Trace, typists: readonly Typist[], { kills }: ReplayOptions): Kills {
  const { count, killAndRestart } = kills ?? { count: 0, killAndRestart: () => Promise.resolve() };
  const documents = typists.map(({ document }) => document);
  return new Kills(count, transactions.length, documents, killAndRestart);
}

async function prepare({ url, clients, title, kind }: ReplayOptions) {
  const api = new ServerApi(url);
  const names = Array.from({ length: clients }, (_, index) => `Typist ${index + 1}`);
  const tokens = await Promise.all(names.map((name) => api.signIn(name)));
  const id = await api.createDocument(tokens[0] ?? "", title, kind);
  return { id, tokens, api };
}

async function typeAll(
  trace: Trace,
  typists: readonly Typist[],
  visible: Latencies,
  kills: Kills,
  { now, seed, progress }: ReplayOptions,
): Promise<void> {
  const random = new SeededRandom(seed);
  const text = new CodePointText("");
  let author = typists[0];
  if (author === undefined) return;
  if (trace.startContent !== "") author.type([[0, 0, trace.startContent]], text);
  let turnEnds = typists.length === 1 ? Number.POSITIVE_INFINITY : random.between(1, LONGEST_TURN);
  let stretchEnds = now() + STRETCH;
  for (const [index, patches] of trace.transactions.entries()) {
    if (index === turnEnds) {
      author = await handOver(author, typists, visible, now);
      turnEnds = index + random.between(1, LONGEST_TURN);
    }
    author.type(patches, text);
    if (kills.due(index + 1)) await kills.next();
    if (now() < stretchEnds) continue;
    progress(index);
    await author.keepClose();
    await breathe();
    stretchEnds = now() + STRETCH;
  }
}

/** The next client's turn begins when it shows everything that was typed before. */
async function handOver(
  author: Typist,
  typists: readonly Typist[],
  visible: Latencies,
  now: () => number,
): Promise<Typist> {
  const started = now();
  const next = typists[(typists.indexOf(author) + 1) % typists.length] ?? author;
  // By version, not by content: what was typed and taken back at once leaves the content as it was.
  await author.document.saved();
  await reaches(next.document, author.document.version);
  visible.add(now() - started);
  if (next.document.checksum !== author.document.checksum) {
    throw new Error(`two clients show different texts at version ${author.document.version}`);
  }
  return next;
}

/** Everything is durable, and everybody shows it. */
async function everybodySaved(typists: readonly Typist[], kills: Kills): Promise<void> {
  await kills.settled();
  await Promise.all(typists.map(({ document }) => document.saved()));
  const newest = typists.reduce((version, { document }) => Math.max(version, document.version), 0);
  await Promise.all(typists.map(({ document }) => reaches(document, newest)));
}

function reaches(document: DocumentHandle, version: number): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (document.version < version) return;
      stopChange();
      stopStatus();
      resolve();
    };
    const stopChange = document.on("change", check);
    const stopStatus = document.on("status", check);
    check();
  });
}

const textOf = ({ document }: Typist, index: number) => ({ who: `client ${index + 1}`, text: document.text() });

function differencesOf(expected: string, texts: readonly { readonly who: string; readonly text: string }[]) {
  return texts.flatMap(({ who, text }) => {
    const difference = firstDifference(expected, text);
    return difference === undefined ? [] : [{ who, difference }];
  });
}

/** Lets the event loop read and write its sockets. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
