import { codecFor, type DownMessage, type Frame, type UpMessage } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { DEFAULT_CROWD } from "../../src/attendance/defaults.js";
import { DEFAULT_PRESENCE } from "../../src/presence/defaults.js";
import { World } from "../harness.js";

const codec = codecFor("tutti.v1");

/** Somebody on a binary connection who keeps the very frames that were sent: the same object was encoded once. */
class Receiver {
  readonly client: string;
  readonly frames: Frame[] = [];
  readonly #events;
  #sequence = 0;

  constructor(world: World, client: string) {
    this.client = client;
    const connection = { send: (frame: Frame) => this.frames.push(frame), close: () => undefined, bufferedBytes: 0 };
    this.#events = world.server.accept(connection, "tutti.v1");
    this.#say({ type: "hello", token: client });
    this.#say({ type: "open", document: "doc", client, pieces: true, attendance: true });
  }

  /** A letter at the beginning, in the text of this version. */
  type(version: number): void {
    this.#sequence += 1;
    const operation = [{ insert: this.client.slice(-1) }];
    this.#say({ type: "submit", document: "doc", sequence: this.#sequence, version, operation });
  }

  move(version: number, to: number): void {
    this.#say({ type: "move", document: "doc", cursor: { anchor: to, head: to, version } });
  }

  /** Gives the place to edit up. */
  view(): void {
    this.#say({ type: "ask", document: "doc", wish: "view" });
  }

  /** The frames with messages of this type since so many frames. */
  of(type: DownMessage["type"], since = 0): readonly Frame[] {
    return this.frames.slice(since).filter((frame) => codec.decodeDown(frame).type === type);
  }

  #say(message: UpMessage): void {
    this.#events.frame(codec.encode(message));
  }
}

/** @param count how many, who come one after the other */
async function gather(world: World, name: string, count: number): Promise<readonly Receiver[]> {
  const people: Receiver[] = [];
  for (let index = 0; index < count; index += 1) {
    people.push(new Receiver(world, `${name}${index}`));
    await world.quiet(20);
  }
  return people;
}

const different = (frames: readonly (readonly Frame[])[]): number => new Set(frames.flat()).size;
const version = (world: World): number => world.server.documents.loaded("doc")?.version ?? 0;

/** Types one after the other, so many letters evenly over a second. */
async function typeForASecond(world: World, people: readonly Receiver[], letters: number): Promise<void> {
  for (let count = 0; count < letters; count += 1) {
    people[count % people.length]?.type(version(world));
    await world.quiet(1000 / letters);
  }
}

describe("S11: what a commit costs does not grow with what each receiver is told", () => {
  it("is one frame for each receiver, encoded once for all but those who wrote in it", async () => {
    const world = await World.create();
    const people = await gather(world, "person", 60);
    await world.quiet(1000);
    const before = people.map(({ frames }) => frames.length);
    // While the first one is on its way to the disk three more come: they share the next commit.
    people[0]?.type(0);
    await world.quiet(0);
    for (const author of people.slice(1, 4)) author.type(0);
    await world.quiet(1000);
    const told = people.map((person, index) => person.of("committed", before[index]));
    expect(version(world)).toBe(4);
    expect(told.map((frames) => frames.length)).toEqual(people.map(() => 2));
    // Of each of the two commits one for everybody else, and one for each author.
    expect(different(told)).toBe(2 + 4);
  });
});

describe("S11: what a crowd costs", () => {
  const CROWD = { connections: 20, calmConnections: 10 };

  /** Frames that one viewer gets, and how many different ones all of them get, of so many letters in a second. */
  async function watch(letters: number): Promise<{ readonly each: readonly number[]; readonly different: number }> {
    const world = await World.create({}, { crowd: CROWD });
    const editors = await gather(world, "editor", 5);
    const viewers = await gather(world, "viewer", 40);
    for (const viewer of viewers) viewer.view();
    await world.quiet(1000);
    const before = viewers.map(({ frames }) => frames.length);
    await typeForASecond(world, editors, letters);
    await world.quiet(2000);
    expect(version(world)).toBe(letters);
    const told = viewers.map((viewer, index) => viewer.of("committed", before[index]));
    return { each: told.map((frames) => frames.length), different: different(told) };
  }

  const ROUNDS = 1000 / DEFAULT_CROWD.updates;

  it("grows with rounds, not with keystrokes, and each round is encoded once for all", async () => {
    const [some, many] = [await watch(50), await watch(500)];
    for (const { each, different: encoded } of [some, many]) {
      expect(Math.max(...each)).toBeLessThanOrEqual(ROUNDS + 2);
      expect(Math.min(...each)).toBeGreaterThan(ROUNDS / 2);
      expect(encoded).toBeLessThanOrEqual(ROUNDS + 2);
    }
  });
});

describe("P3: what cursors cost", () => {
  const PEOPLE = 30;
  const TICKS = 1000 / DEFAULT_PRESENCE.tick;

  it("grows with ticks, not with people × moves, and each tick is encoded once for all", async () => {
    const world = await World.create();
    const people = await gather(world, "person", PEOPLE);
    people[0]?.type(0);
    await world.quiet(1000);
    const before = people.map(({ frames }) => frames.length);
    for (let move = 0; move < 10; move += 1) {
      for (const person of people) {
        person.move(version(world), move % 2);
        await world.quiet(100 / PEOPLE);
      }
    }
    await world.quiet(1000);
    const told = people.map((person, index) => person.of("presence", before[index]));
    for (const frames of told) expect(frames.length).toBeLessThanOrEqual(TICKS + 2);
    expect(Math.min(...told.map((frames) => frames.length))).toBeGreaterThan(TICKS / 4);
    expect(different(told)).toBeLessThanOrEqual(TICKS + 2);
  });
});
