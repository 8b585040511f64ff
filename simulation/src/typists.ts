import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import { type IdenticalInserts, transformPosition } from "@tutti/ot";
import {
  type HostConditions,
  MemoryDisk,
  SeededRandom,
  type SimulatedHost,
  SimulatedNetwork,
  VirtualClock,
} from "@tutti/testkit";
import { ServerProcess } from "./world/server-process.js";
import { Trace } from "./world/trace.js";

// Loading takes real time, and nothing here may.
await preload();

/** Somebody who types a word, letter by letter, where the cursor stands. */
export interface Typist {
  readonly word: string;
  /** Of the network between this person and the server. */
  readonly network: Partial<HostConditions>;
  /** Milliseconds before the first letter, and between two letters. */
  readonly start: number;
  readonly interval: () => number;
  /** Loses the connection before this letter (an index into the word), for so many milliseconds. */
  readonly offline?: { readonly letter: number; readonly duration: number } | undefined;
}

/** What is in the document already, in front of the place and behind it, and who typed it. */
export interface Surroundings {
  readonly before: string;
  readonly behind: string;
  readonly typedBy: "one of them" | "somebody else";
}

const DOCUMENT = "doc";
const EMPTY: Surroundings = { before: "", behind: "", typedBy: "somebody else" };

/**
 * Lets several people type words against each other at one place of a document, through real clients and the real
 * server.
 * @param identicalInserts the setting of the document (E5)
 * @returns the text in the end, the same for all
 * @throws Error when they do not end with the same text in a minute
 */
export async function typeAgainstEachOther(
  seed: number,
  typists: readonly Typist[],
  { before, behind, typedBy }: Surroundings = EMPTY,
  identicalInserts: IdenticalInserts = "merge",
): Promise<string> {
  const random = new SeededRandom(seed);
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  disk.createDocument({
    id: DOCUMENT,
    kind: "plain",
    identicalInserts,
    title: "Race",
    createdBy: "ann",
    createdAt: 0,
    updatedAt: 0,
  });
  const trace = new Trace(() => clock.now());
  const { server, store } = new ServerProcess({ name: "server", disk, clock, random, trace });
  store.setFaults({ latency: [0, 2] });
  const network = new SimulatedNetwork(clock, random);
  network.listen((connection, subprotocol) => server.accept(connection, subprotocol));

  const typing = typists.map((typist, index) => join(index, typist, network, clock, random));
  const onlooker = { word: "", network: {}, start: 0, interval: () => 0 };
  const others = typedBy === "somebody else" ? [join(typists.length, onlooker, network, clock, random)] : [];
  const people = [...others, ...typing];
  const agree = (): boolean =>
    people.every(({ handle }) => handle.status === "Saved" && handle.version === disk.version(DOCUMENT));
  if (!(await clock.runUntil(agree, 60_000))) throw new Error("somebody can't open the document");
  const text = before + behind;
  if (text !== "") people[0]?.handle.insert(0, text);
  await clock.runUntil(() => agree() && people.every(({ handle }) => handle.length === text.length), 60_000);

  let busy = typing.length;
  for (const person of typing) {
    person.type(before.length, () => {
      busy -= 1;
    });
  }
  if (!(await clock.runUntil(() => busy === 0 && agree(), 60_000))) throw new Error("somebody is not done in time");
  const texts = new Set(people.map(({ handle }) => handle.text()));
  const [first = ""] = texts;
  if (texts.size !== 1) throw new Error(`they see different texts: ${JSON.stringify([...texts])}`);
  return first;
}

interface Person {
  readonly handle: DocumentHandle;
  /** Types the word from `place` on, whatever the others do meanwhile. */
  type(place: number, done: () => void): void;
}

function join(
  index: number,
  typist: Typist,
  network: SimulatedNetwork,
  clock: VirtualClock,
  random: SeededRandom,
): Person {
  const host = network.host(`person ${index}`, typist.network);
  const environment = { clock, random: random.fork(`client ${index}`), transport: host };
  // Letter by letter: what is composed before it is sent can't be torn apart.
  const options = { url: "http://simulation", token: `person-${index}`, sendInterval: 0, environment };
  const handle = new TuttiClient(options).open(DOCUMENT);
  return { handle, type: (place, done) => startTyping(handle, typist, host, clock, place, done) };
}

function startTyping(
  handle: DocumentHandle,
  { word, start, interval, offline }: Typist,
  host: SimulatedHost,
  clock: VirtualClock,
  place: number,
  done: () => void,
): void {
  let cursor = place;
  let typed = 0;
  handle.on("change", ({ delta, origin }) => {
    // As an editor must have it: what others insert exactly at the cursor goes behind it.
    if (origin === "remote") cursor = transformPosition(delta, cursor, "left");
  });
  const next = (): void => {
    if (offline?.letter === typed) goOffline(host, clock, offline.duration);
    handle.insert(cursor, word.charAt(typed));
    cursor += 1;
    typed += 1;
    if (typed < word.length) clock.schedule(interval(), next);
    else done();
  };
  clock.schedule(start, next);
}

function goOffline(host: SimulatedHost, clock: VirtualClock, duration: number): void {
  host.conditions = { ...host.conditions, refusals: 1 };
  host.cut();
  clock.schedule(duration, () => {
    host.conditions = { ...host.conditions, refusals: 0 };
  });
}
