import type { Operation } from "@tutti/ot";
import type { Clock, Random, Subprotocol } from "@tutti/protocol";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import {
  type ChangeEvent,
  type ConnectionState,
  type DocumentError,
  type DocumentHandle,
  type PlatformEvent,
  preload,
  type RebaseEngine,
  type Status,
  type TokenSource,
  type Transport,
  TuttiClient,
} from "../src/index.js";
import { keepOffline, type OfflineStore } from "../src/offline/index.js";
import { type FakeConnection, FakeServer } from "./fake-server.js";

// In virtual time nothing is waited for that takes real time.
await preload();

export const DOCUMENT = "doc";

/** Jitter in the middle: every delay is exactly the nominal one. */
export const noJitter = { next: () => 0.5 };

/** A client with its own virtual world. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly client: TuttiClient;
  readonly doc: DocumentHandle;
  readonly changes: ChangeEvent[];
  readonly statuses: Status[];
  readonly errors: DocumentError[];
  /** What the client told of its connection. */
  readonly connections: ConnectionState[];
  /** The network says it is back, or something else. @returns how many wanted to know */
  online(event?: PlatformEvent): number;
}

/** A client that has opened nothing yet; `doc` opens at its first use. */
export function clientOf<C extends Clock = VirtualClock>(
  server: FakeServer,
  options: {
    readonly token?: TokenSource;
    readonly clock?: C;
    readonly seed?: number;
    /** Instead of ids from the seed, and no jitter. */
    readonly random?: Random;
    readonly offline?: OfflineStore;
    readonly offlineDocuments?: number;
    readonly sendInterval?: number;
    readonly conflictAbove?: number;
    readonly engine?: RebaseEngine;
    readonly fallback?: Transport;
    /** Milliseconds by which the clock was set, or the machine slept, since the beginning. */
    readonly slept?: () => number;
  } = {},
) {
  const clock = (options.clock ?? new VirtualClock()) as C;
  const { slept = () => 0 } = options;
  const listeners: ((event?: PlatformEvent) => void)[] = [];
  const ids = new SeededRandom(options.seed ?? 1);
  // The first 16 numbers make the client id; all later ones are jitter.
  let drawn = 0;
  const random = options.random ?? {
    next: () => {
      drawn += 1;
      return drawn <= 16 ? ids.next() : 0.5;
    },
  };
  let connection: FakeConnection | undefined;
  const client = new TuttiClient({
    url: "http://127.0.0.1:4400",
    token: options.token ?? "ann",
    // No test has to wait for company, unless it is about that.
    sendInterval: options.sendInterval ?? 0,
    ...(options.offline && {
      offline: keepOffline(options.offline, { documents: options.offlineDocuments ?? 100 }),
    }),
    ...(options.conflictAbove !== undefined && { conflictAbove: options.conflictAbove }),
    environment: {
      ...(options.engine && { engine: options.engine }),
      clock: { now: () => clock.now() + slept(), schedule: (delay, task) => clock.schedule(delay, task) },
      ...(options.fallback && { fallback: options.fallback }),
      random,
      transport: {
        connect: (events) => {
          const end = server.transport.connect(events);
          connection = server.connection;
          return end;
        },
      },
      online: (listener) => {
        listeners.push(listener);
        return () => listeners.splice(listeners.indexOf(listener), 1);
      },
    },
  });
  const connections: ConnectionState[] = [];
  client.on("connection", (state) => connections.push(state));
  return {
    clock,
    client,
    server,
    connections,
    /** The newest connection of this client. */
    connection: () => connection,
    /** The network says it is back, or something else. @returns how many wanted to know */
    online: (event?: PlatformEvent) => {
      for (const listener of [...listeners]) listener(event);
      return listeners.length;
    },
  };
}

/** A client with one document, on which nothing was delivered yet. */
export function unopened(
  content: Operation = [],
  subprotocol?: Subprotocol,
  token?: TokenSource,
  options: Omit<Parameters<typeof clientOf>[1], "token"> = {},
): World {
  const server = new FakeServer(content, subprotocol);
  const { connection: _newest, ...rest } = clientOf(server, token === undefined ? options : { ...options, token });
  return { ...rest, ...watch(rest.client.open(DOCUMENT)) };
}

/** A client with one document that is open and saved. */
export function opened(text = ""): World {
  const world = unopened(text === "" ? [] : [{ insert: text }]);
  world.server.pump();
  return world;
}

export function watch(doc: DocumentHandle) {
  const changes: ChangeEvent[] = [];
  const statuses: Status[] = [];
  const errors: DocumentError[] = [];
  doc.on("change", (change) => changes.push(change));
  doc.on("status", (status) => statuses.push(status));
  doc.on("error", (error) => errors.push(error));
  return { doc, changes, statuses, errors };
}

/** Whether a promise has been fulfilled, rejected, or neither. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  const pending = "pending";
  return Promise.race([
    promise.then(
      () => "fulfilled",
      (error: unknown) => error,
    ),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ]);
}
