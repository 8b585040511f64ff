import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contestant, hocuspocus, shareDb } from "../../server/contestants.js";
import type { ServerProcess } from "../../server/server-process.js";
import { startCrew } from "../crews/remote.js";
import type { StrangersCrew, StrangersOrder } from "../crews/strangers.js";
import type { Effort } from "../measure/meter.js";
import { pause } from "../measure/observe.js";
import { onStage, Stage } from "../stage.js";

export interface FanOutSettings {
  readonly typists: number;
  /** Letters of each in a second. */
  readonly letters: number;
  readonly receivers: number;
  readonly warmUp: number;
  readonly seconds: number;
  /** Times that each server has its turn. */
  readonly rounds: number;
}

/** What one server needed to tell everybody, over all rounds. */
export interface FanOut {
  readonly name: string;
  readonly durable: string;
  /** How keystrokes reach receivers. */
  readonly told: string;
  /** Typed within the windows, as one receiver got them. */
  readonly keystrokes: number;
  /** To all receivers together. */
  readonly deliveries: number;
  readonly frames: number;
  readonly bytes: number;
  /** Milliseconds of the server's processor time, all threads, and of each round for each delivery. */
  readonly processor: number;
  readonly eachRound: readonly number[];
  readonly receiving: readonly Effort[];
}

export interface FanOutResult {
  readonly settings: FanOutSettings;
  readonly servers: readonly FanOut[];
}

interface Turn {
  readonly keystrokes: number;
  readonly frames: number;
  readonly bytes: number;
  readonly processor: number;
  readonly receiving: Effort;
}

interface Player {
  readonly name: string;
  readonly durable: string;
  readonly told: string;
  play(settings: FanOutSettings): Promise<Turn>;
}

const DURABLE = "before it is told to anybody (SQLite, fsync)";
/** More than ever come: a document never counts as crowded. */
const NEVER_CROWDED = { TUTTI_CROWD_CONNECTIONS: "1000000" };

const PLAYERS: readonly Player[] = [
  { name: "Tutti", durable: DURABLE, told: "on a tick, composed", play: (settings) => playTutti(settings, {}) },
  {
    name: "Tutti, never crowded",
    durable: DURABLE,
    told: "each commit at once",
    play: (settings) => playTutti(settings, NEVER_CROWDED),
  },
  stranger(hocuspocus, "each keystroke at once"),
  stranger(shareDb, "each keystroke at once"),
];

/** The same keystrokes to as many receivers, by one server after the other, in turns. @param only beginnings of names */
export async function fanOutScenario(settings: FanOutSettings, only: readonly string[]): Promise<FanOutResult> {
  const players = PLAYERS.filter(({ name }) => only.some((beginning) => name.toLowerCase().startsWith(beginning)));
  const turns = players.map((): Turn[] => []);
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const [index, player] of players.entries()) turns[index]?.push(await player.play(settings));
  }
  return { settings, servers: players.map((player, index) => together(player, turns[index] ?? [], settings)) };
}

function together({ name, durable, told }: Player, turns: readonly Turn[], { receivers }: FanOutSettings): FanOut {
  const sum = (of: (turn: Turn) => number): number => turns.reduce((before, turn) => before + of(turn), 0);
  const deliveries = sum((turn) => turn.keystrokes);
  return {
    name,
    durable,
    told,
    keystrokes: deliveries / receivers,
    deliveries,
    frames: sum((turn) => turn.frames),
    bytes: sum((turn) => turn.bytes),
    processor: sum((turn) => turn.processor),
    eachRound: turns.map((turn) => turn.processor / turn.keystrokes),
    receiving: turns.map((turn) => turn.receiving),
  };
}

function playTutti(settings: FanOutSettings, environment: Readonly<Record<string, string>>): Promise<Turn> {
  return onStage(Stage.set(environment), async (stage) => {
    const tokens = await stage.people(settings.typists + settings.receivers);
    const editors = stage.editors().remote;
    const typists = { tokens: tokens.slice(0, settings.typists), first: 0, all: settings.typists };
    await editors.join({ place: stage.place, ...typists });
    const viewers = stage.viewers().remote;
    await viewers.join({ place: stage.place, tokens: tokens.slice(settings.typists), name: "viewer" });
    await editors.type(settings.letters);
    const traffic = async () => {
      const { versions, ...rest } = await viewers.traffic();
      return { keystrokes: versions, ...rest };
    };
    return turn(stage.server, settings, traffic, () => viewers.effort());
  });
}

/** A rival: all that is different is the server and its protocol. */
function stranger({ name, durable, dialect, start }: Contestant, told: string): Player {
  return {
    name,
    durable,
    told,
    async play(settings) {
      const folder = await mkdtemp(join(tmpdir(), "tutti-bench-"));
      const running = await start(folder);
      const [typists, receivers] = [
        startCrew<StrangersCrew>("./strangers.js"),
        startCrew<StrangersCrew>("./strangers.js"),
      ];
      try {
        const target = await running.target();
        const people = (first: number, count: number): StrangersOrder => ({ dialect, target, first, count });
        await typists.remote.edit(people(0, settings.typists));
        await receivers.remote.watch(people(settings.typists, settings.receivers));
        await typists.remote.type(settings.letters);
        const { remote } = receivers;
        return await turn(
          running.server,
          settings,
          () => remote.traffic(),
          () => remote.effort(),
        );
      } finally {
        typists.end();
        receivers.end();
        await running.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** One window. */
async function turn(
  server: ServerProcess,
  { warmUp, seconds }: FanOutSettings,
  traffic: () => Promise<{ readonly keystrokes: number; readonly frames: number; readonly bytes: number }>,
  effort: () => Promise<Effort>,
): Promise<Turn> {
  await pause(warmUp * 1_000);
  await effort();
  const [before, used] = [await traffic(), await server.probe()];
  await pause(seconds * 1_000);
  const [after, usedThen] = [await traffic(), await server.probe()];
  return {
    keystrokes: after.keystrokes - before.keystrokes,
    frames: after.frames - before.frames,
    bytes: after.bytes - before.bytes,
    processor: usedThen.cpu - used.cpu,
    receiving: await effort(),
  };
}
