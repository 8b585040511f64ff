import type { Dialect, EditorEvents, Target } from "./dialects/dialect.js";
import { LeanSocket } from "./lean-socket.js";

/** One connected editor. */
export interface Editor {
  /** Sends the next letter. */
  type(): void;
  end(): void;
}

/**
 * Connects an editor and waits until it may type.
 * @throws Error when the server refuses or goes away first
 */
export async function connectEditor(
  target: Target,
  dialect: Dialect,
  told: Omit<EditorEvents, "ready">,
): Promise<Editor> {
  let socket: LeanSocket | undefined;
  let ended = false;
  const opened = new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      if (socket === undefined) reject(error);
      else throw error;
    };
    const events: EditorEvents = { ...told, ready: resolve };
    const connected = LeanSocket.open(new URL(dialect.path, target.url), dialect.subprotocol, {
      message: (bytes) => {
        for (const answer of dialect.receive(bytes, events) ?? []) socket?.send(answer);
      },
      closed: (reason) => {
        if (!ended) fail(new Error(`${target.url} went away: ${reason}`));
      },
    });
    connected.then((lean) => {
      socket = lean;
      for (const message of dialect.greeting()) lean.send(message);
    }, reject);
  });
  await opened;
  return {
    type: () => socket?.send(dialect.insert()),
    end: () => {
      ended = true;
      socket?.end();
    },
  };
}
