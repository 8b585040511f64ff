import {
  type Clock,
  type Connection,
  type ConnectionEvents,
  DEFAULT_LIMITS,
  type Limits,
  type Random,
  type Subprotocol,
} from "@tutti/protocol";
import type { Authenticator } from "./access/authenticator.js";
import { Documents } from "./documents/documents.js";
import { Gateway } from "./gateway/gateway.js";
import type { Log } from "./log.js";
import { type Observer, silentObserver } from "./metrics/observer.js";
import { PresenceService } from "./presence/presence-service.js";
import type { Store } from "./storage/store.js";

/** The outside world of a server (determinism: see ARCHITECTURE.md). */
export interface ServerEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly observer?: Observer;
  readonly limits?: Partial<Limits>;
}

/** A whole server without the network around it: what listens on sockets hands their connections to `accept`. */
export interface TuttiServer {
  readonly documents: Documents;
  accept(connection: Connection, subprotocol: Subprotocol): ConnectionEvents;
  /** Writes what is pending, sends everybody away, stores snapshots. The store stays open. */
  stop(): Promise<void>;
}

export function createServer(environment: ServerEnvironment): TuttiServer {
  const limits = { ...DEFAULT_LIMITS, ...environment.limits };
  const env = { ...environment, observer: environment.observer ?? silentObserver, limits };
  const documents = new Documents(env);
  const presence = new PresenceService({
    clock: env.clock,
    recentSince: (document, version) => documents.loaded(document)?.recentSince(version),
  });
  documents.onCommit((document, operations) => presence.committed(document, operations));
  const gateway = new Gateway({ ...env, documents, presence });
  return {
    documents,
    accept: (connection, subprotocol) => gateway.accept(connection, subprotocol),
    async stop() {
      await documents.stop();
      gateway.closeAll();
    },
  };
}
