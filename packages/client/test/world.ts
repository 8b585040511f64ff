import type { Operation } from "@tutti/ot";
import type { Clock, Random, Subprotocol } from "@tutti/protocol";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import {
  type ChangeEvent,
  type DocumentError,
  type DocumentHandle,
  type OfflineStore,
  type RebaseEngine,
  type Status,
  TuttiClient,
} from "../src/index.js";
import { type FakeConnection, FakeServer } from "./fake-server.js";

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
  /** The network says it is back. @returns how many wanted to know */
  online(): number;
}

/** A client that has opened nothing yet; `doc` opens at its first use. */
export function clientOf<C extends Clock = VirtualClock>(
  server: FakeServer,
  options: {
    readonly token?: string | (() => Promise<string>);
    readonly clock?: C;
    readonly seed?: number;
    /** Instead of ids from the seed, and no jitter. */
    readonly random?: Random;
    readonly offline?: OfflineStore;
    readonly sendInterval?: number;
    readonly conflictAbove?: number;
    readonly engine?: RebaseEngine;
  } = {},
) {
  const clock = (options.clock ?? new VirtualClock()) as C;
  const listeners: (() => void)[] = [];
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
    ...(options.offline && { offline: options.offline }),
    ...(options.conflictAbove !== undefined && { conflictAbove: options.conflictAbove }),
    environment: {
      ...(options.engine && { engine: options.engine }),
      clock,
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
  return {
    clock,
    client,
    server,
    /** The newest connection of this client. */
    connection: () => connection,
    /** The network says it is back. @returns how many wanted to know */
    online: () => {
      for (const listener of [...listeners]) listener();
      return listeners.length;
    },
  };
}

/** A client with one document, on which nothing was delivered yet. */
export function unopened(
  content: Operation = [],
  subprotocol?: Subprotocol,
  token?: string | (() => Promise<string>),
): World {
  const server = new FakeServer(content, subprotocol);
  const { clock, client, online } = clientOf(server, token === undefined ? {} : { token });
  return { server, clock, client, online, ...watch(client.open(DOCUMENT)) };
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
