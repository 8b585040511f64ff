import {
  type Cancel,
  type Clock,
  type Connection,
  type ConnectionEvents,
  DEFAULT_LIMITS,
  type Limits,
  type Random,
  type Subprotocol,
} from "@tutti/protocol";
import type { Authenticator } from "./access/authenticator.js";
import { AttendanceService } from "./attendance/attendance-service.js";
import { type CrowdRules, DEFAULT_CROWD } from "./attendance/defaults.js";
import { Documents } from "./documents/documents.js";
import { Gateway } from "./gateway/gateway.js";
import type { Log } from "./log.js";
import { type Observer, silentObserver } from "./metrics/observer.js";
import type { DocumentHistory } from "./presence/cursors.js";
import { DEFAULT_PRESENCE, type PresenceSettings } from "./presence/defaults.js";
import { PresenceService } from "./presence/presence-service.js";
import { DEFAULT_PROTECTION, type Protection } from "./protection/defaults.js";
import { Guard } from "./protection/guard.js";
import { calmVitals, type Vitals } from "./protection/vitals.js";
import type { Store } from "./storage/store.js";
import type { ContentCheck } from "./vandalism/content-check.js";
import { DEFAULT_VANDALISM, type VandalismRules } from "./vandalism/rules.js";
import { Vandalism } from "./vandalism/vandalism-service.js";

/** The outside world of a server (determinism: see ARCHITECTURE.md). */
export interface ServerEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly observer?: Observer;
  readonly limits?: Partial<Limits>;
  /** Milliseconds after which a connection on which nothing happens is closed (C11); 0: never. Left out: 5 minutes. */
  readonly idle?: number;
  /** Numbers that differ from the defaults. */
  readonly protection?: Partial<Protection>;
  /** Numbers for documents with many people that differ from the defaults (S11). */
  readonly crowd?: Partial<CrowdRules>;
  /** Numbers of presence that differ from the defaults; `enabled: false` switches it off. */
  readonly presence?: Partial<PresenceSettings>;
  /** False: no rate limits, quotas and suspensions (benchmarks). */
  readonly rateLimits?: boolean;
  /** When a deletion is worth an alert: what differs from the defaults. */
  readonly vandalism?: Partial<VandalismRules>;
  /** Looks at what people write; left out, nobody does. */
  readonly contentCheck?: ContentCheck | undefined;
  /** How the process does; left out, all is well. */
  readonly vitals?: Vitals;
}

export interface DrainOptions {
  /** Longest time (ms) to wait for storage, and over which clients are told to come back. */
  readonly window: number;
  /** Ends the waiting, and leaves snapshots out: the log has everything. */
  readonly hurry?: Promise<void>;
}

/** A whole server without the network around it: what listens on sockets hands their connections to `accept`. */
export interface TuttiServer {
  readonly documents: Documents;
  readonly attendance: AttendanceService;
  readonly guard: Guard;
  readonly vandalism: Vandalism;
  readonly presence: Pick<PresenceService, "available" | "fail">;
  /** True from the beginning of `drain` or `stop`: newcomers should go elsewhere. */
  readonly draining: boolean;
  /** @param address where the client connects from, where somebody knows */
  accept(connection: Connection, subprotocol: Subprotocol, address?: string): ConnectionEvents;
  /**
   * Stops in good order (S9): takes nobody and nothing new, answers what is in flight, sends everybody away with a time
   * to come back, stores snapshots. With nobody here it takes no time. The store stays open.
   */
  drain(options: DrainOptions): Promise<void>;
  /** Writes what is pending, sends everybody away, stores snapshots. The store stays open. */
  stop(): Promise<void>;
}

const IDLE = 300_000;

export function createServer(environment: ServerEnvironment): TuttiServer {
  const limits = { ...DEFAULT_LIMITS, ...environment.limits };
  const { observer = silentObserver, idle = IDLE } = environment;
  const protection = { ...DEFAULT_PROTECTION, ...environment.protection };
  const guard = new Guard({
    ...environment,
    observer,
    protection,
    rateLimits: environment.rateLimits ?? true,
    vitals: environment.vitals ?? calmVitals,
  });
  const env = { ...environment, store: guard.watch(environment.store), observer, limits, protection, idle, guard };
  const documents = new Documents(env);
  const attendance = new AttendanceService({
    ...env,
    crowd: { ...DEFAULT_CROWD, ...environment.crowd },
    moderate: (document, moderated) => documents.moderate(document, moderated),
  });
  const presence = new PresenceService({
    ...env,
    observer: observer.presence,
    settings: { ...DEFAULT_PRESENCE, ...environment.presence },
    history: (document) => historyOf(documents, document),
    allowed: () => guard.condition.shedding < 1,
  });
  documents.onCommit((document, operations) => presence.committed(document, operations));
  const rules = { ...DEFAULT_VANDALISM, ...environment.vandalism };
  const vandalism = new Vandalism({ ...env, documents, rules, contentCheck: environment.contentCheck });
  documents.onCommit((document, operations) => vandalism.committed(document, operations));
  attendance.onPlaced((attendee) => presence.placed(attendee.document, attendee));
  attendance.onPlaced((attendee) => vandalism.placed(attendee.document, attendee));
  documents.onRound((document) => presence.roundBegins(document));
  const gateway = new Gateway({ ...env, documents, attendance, presence, vandalism });
  let draining = false;
  return {
    documents,
    attendance,
    guard,
    presence,
    vandalism,
    get draining() {
      return draining;
    },
    accept: (connection, subprotocol, address) => gateway.accept(connection, subprotocol, address),
    async drain({ window, hurry = new Promise(() => {}) }) {
      draining = true;
      guard.stop();
      vandalism.stop();
      gateway.drain();
      let hurried = false;
      const hurrying = hurry.then(() => {
        hurried = true;
      });
      await within(env.clock, window, Promise.race([documents.drain(), hurrying]));
      gateway.sendAway(window);
      attendance.stop();
      presence.stop();
      await documents.stop(!hurried);
    },
    async stop() {
      draining = true;
      guard.stop();
      vandalism.stop();
      await documents.stop();
      gateway.closeAll();
      attendance.stop();
      presence.stop();
    },
  };
}

/** What presence asks of a document. */
function historyOf(documents: Documents, document: string): DocumentHistory {
  return {
    get version() {
      return documents.loaded(document)?.version;
    },
    get inRounds() {
      return documents.loaded(document)?.updates !== undefined;
    },
    get viewersWait() {
      return documents.loaded(document)?.viewersWait ?? false;
    },
    since: (version) => documents.loaded(document)?.recentSince(version),
  };
}

/** Resolves with the promise, or when the time is over. */
async function within(clock: Clock, milliseconds: number, promise: Promise<void>): Promise<void> {
  let cancel: Cancel = () => {};
  const over = new Promise<void>((resolve) => {
    cancel = clock.schedule(milliseconds, resolve);
  });
  await Promise.race([promise, over]);
  cancel();
}
