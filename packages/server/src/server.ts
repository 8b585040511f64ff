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
import { DEFAULT_PROTECTION, type Protection } from "./protection/defaults.js";
import { Guard } from "./protection/guard.js";
import { calmVitals, type Vitals } from "./protection/vitals.js";
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
  /** Numbers that differ from the defaults. */
  readonly protection?: Partial<Protection>;
  /** False: no rate limits, quotas and suspensions (benchmarks). */
  readonly rateLimits?: boolean;
  /** How the process does; left out, all is well. */
  readonly vitals?: Vitals;
}

/** A whole server without the network around it: what listens on sockets hands their connections to `accept`. */
export interface TuttiServer {
  readonly documents: Documents;
  readonly guard: Guard;
  /** @param address where the client connects from, where somebody knows */
  accept(connection: Connection, subprotocol: Subprotocol, address?: string): ConnectionEvents;
  /** Writes what is pending, sends everybody away, stores snapshots. The store stays open. */
  stop(): Promise<void>;
}

export function createServer(environment: ServerEnvironment): TuttiServer {
  const limits = { ...DEFAULT_LIMITS, ...environment.limits };
  const observer = environment.observer ?? silentObserver;
  const guard = new Guard({
    ...environment,
    observer,
    protection: { ...DEFAULT_PROTECTION, ...environment.protection },
    rateLimits: environment.rateLimits ?? true,
    vitals: environment.vitals ?? calmVitals,
  });
  const env = { ...environment, store: guard.watch(environment.store), observer, limits, guard };
  const documents = new Documents(env);
  const presence = new PresenceService({
    clock: env.clock,
    recentSince: (document, version) => documents.loaded(document)?.recentSince(version),
  });
  documents.onCommit((document, operations) => presence.committed(document, operations));
  const gateway = new Gateway({ ...env, documents, presence });
  return {
    documents,
    guard,
    accept: (connection, subprotocol, address) => gateway.accept(connection, subprotocol, address),
    async stop() {
      guard.stop();
      await documents.stop();
      gateway.closeAll();
    },
  };
}
