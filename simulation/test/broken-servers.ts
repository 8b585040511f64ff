import { type Codec, type Connection, codecFor, type DownMessage, type Frame, type Submit } from "@tutti/protocol";
import { type AppendOutcome, createServer, type ServerEnvironment, type Store, type TuttiServer } from "@tutti/server";
import type { ServerFactory } from "../src/index.js";

/** The real server, with its messages changed on their way. */
function withMessages(changes: {
  up?: (message: Submit, server: TuttiServer) => Submit;
  /** undefined: the message is not sent. */
  down?: (message: DownMessage) => DownMessage | undefined;
}): ServerFactory {
  return (environment) => {
    const server = createServer(environment);
    return {
      ...server,
      accept(connection, subprotocol) {
        const codec = codecFor(subprotocol);
        const events = server.accept(filtered(connection, codec, changes.down), subprotocol);
        return {
          frame(frame) {
            const message = codec.decodeUp(frame);
            const changed = message.type === "submit" ? (changes.up?.(message, server) ?? message) : message;
            events.frame(codec.encode(changed));
          },
          closed: (code, reason) => events.closed(code, reason),
        };
      },
    };
  };
}

function filtered(
  connection: Connection,
  codec: Codec,
  change: (message: DownMessage) => DownMessage | undefined = (message) => message,
): Connection {
  return {
    send(frame: Frame) {
      const changed = change(codec.decodeDown(frame));
      if (changed !== undefined) connection.send(codec.encode(changed));
    },
    close: (code, reason) => connection.close(code, reason),
    get bufferedBytes() {
      return connection.bufferedBytes;
    },
  };
}

function withStore(change: (store: Store) => Partial<Store>): ServerFactory {
  return (environment: ServerEnvironment) => {
    const { store } = environment;
    const changed = change(store);
    const wrapped = new Proxy(store, {
      get(target, name) {
        const replaced = changed[name as keyof Store];
        if (replaced !== undefined) return replaced;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return createServer({ ...environment, store: wrapped });
  };
}

/** True every `n`th time. */
function every(n: number): () => boolean {
  let count = 0;
  return () => {
    count += 1;
    return count % n === 0;
  };
}

/** Acknowledges and broadcasts before anything is durable. */
export const acknowledgesTooEarly = withStore((store) => ({
  async append(appends) {
    store.append(appends).catch(() => undefined);
    return appends.map((): AppendOutcome => "stored");
  },
}));

/** Takes an operation now and then for one without effect. */
export function ignoresOperations(): ServerFactory {
  const now = every(20);
  return withMessages({ up: (message) => (now() ? { ...message, operation: [] } : message) });
}

/** Applies operations as if they were made on the newest version. */
export const neverTransforms = withMessages({
  up: (message, server) => ({ ...message, version: server.documents.loaded(message.document)?.version ?? 0 }),
});

/** Leaves somebody out when it tells everybody. */
export function forgetsToTell(): ServerFactory {
  const now = every(30);
  return withMessages({ down: (message) => (message.type === "committed" && now() ? undefined : message) });
}

/** Keeps equal inserts, and does not say so. */
export const forgetsTheSetting = withMessages({
  down: (message) => (message.type === "opened" ? { ...message, identicalInserts: undefined } : message),
});

/** Forgets, when it is restarted, what each client wrote. */
export const forgetsWhoWrote = withStore(() => ({ clientPosition: async () => undefined }));

/** Takes edits from whoever has the document open, whatever their place. */
export const letsEverybodyEdit: ServerFactory = (environment) => {
  const server = createServer(environment);
  const open = server.documents.open.bind(server.documents);
  server.documents.open = async (id) => {
    const actor = await open(id);
    const submit = actor.submit.bind(actor);
    actor.submit = (author, ...others) => {
      const { place } = author;
      Object.assign(author, { place: "editing" });
      const submitted = submit(author, ...others);
      Object.assign(author, { place });
      return submitted;
    };
    return actor;
  };
  return server;
};

/** Does not hear whoever asks for a place. */
export const ignoresWishes: ServerFactory = (environment) => {
  const server = createServer(environment);
  server.attendance.ask = () => undefined;
  return server;
};

/** Tells nobody where the others' cursors have moved. */
export const losesCursors = withMessages({
  down: (message) => {
    if (message.type !== "presence") return message;
    const entries = message.entries.map((entry) => ({ ...entry, cursor: null }));
    return { ...message, entries, moved: undefined };
  },
});

/** Brings back only a part of what somebody deleted. */
export const restoresTooLittle: ServerFactory = (environment) => {
  const server = createServer(environment);
  const open = server.documents.open.bind(server.documents);
  server.documents.open = async (id) => {
    const actor = await open(id);
    const submit = actor.submit.bind(actor);
    actor.submit = (author, submission, ...others) => {
      const operation = author.attends ? submission.operation : submission.operation.slice(0, -1);
      return submit(author, { ...submission, operation }, ...others);
    };
    return actor;
  };
  return server;
};
