import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { TokenAuthority } from "./access/tokens.js";
import { type Config, isLoopback } from "./config.js";
import { createLog, systemClock, systemRandom, systemVitals } from "./environment.js";
import { createApp } from "./http/app.js";
import { OpenSockets } from "./http/open-sockets.js";
import { acceptPolling } from "./http/polling/routes.js";
import { acceptWebSockets } from "./http/websockets.js";
import type { Log } from "./log.js";
import { createPrometheusObserver } from "./metrics/prometheus.js";
import { openArchive } from "./open-archive.js";
import { openStore, storeLocation } from "./open-store.js";
import { FrameIntake } from "./protection/frame-intake.js";
import { RetentionSchedule } from "./retention-schedule.js";
import { readSecret } from "./secret.js";
import { createServer, type TuttiServer } from "./server.js";
import { lockFolder } from "./storage/sqlite-folder-lock.js";
import type { Store } from "./storage/store.js";
import { loadContentCheck } from "./vandalism/load-content-check.js";

export interface RunningServer {
  /** Where the page is. */
  readonly url: string;
  /** May fail on purpose, to see that edits don't notice (P1). */
  readonly presence: TuttiServer["presence"];
  /**
   * Stops in good order (S9), within about the drain window. @param hurry ends the waiting, not the writing
   */
  stop(hurry?: Promise<void>): Promise<void>;
}

/** Frames up to this multiple of the limit are read, so that they get a typed error instead of a closed socket. */
const READ_BEYOND_LIMIT = 4;
/** How long (ms) a goodbye may take to arrive before its socket is cut off. */
const GOODBYE = 2000;
/** What callers are told to wait (ms) while the server stops. */
const COME_BACK = 5000;

/** Everything in one process. @throws when the port is taken or the data folder can't be used */
export async function serve(config: Config): Promise<RunningServer> {
  const log = createLog();
  const loopback = isLoopback(config.host);
  const observer = createPrometheusObserver();
  const location = storeLocation(config);
  const { contentCheck: module, ...vandalism } = config.vandalism;
  const contentCheck = module === undefined ? undefined : await loadContentCheck(module);
  // Two servers on one file would take documents away from each other all the time.
  const lock = location.kind === "sqlite" ? lockFolder(location.folder) : undefined;
  const secret = config.secret === undefined ? await readSecret(config.data) : Buffer.from(config.secret);
  const authority = new TokenAuthority(secret, systemClock);
  const store = await openStore(location);
  const outside = { store, clock: systemClock, random: systemRandom, log, observer };
  const { limits, protection, crowd, presence, rateLimits, idle } = config;
  const rules = { limits, protection, crowd, presence, vandalism, rateLimits, idle };
  const wired = { ...outside, ...rules, contentCheck, authenticator: authority, vitals: systemVitals() };
  const server = createServer(wired);
  const app = await createApp({
    ...outside,
    documents: server.documents,
    attendance: server.attendance,
    guard: server.guard,
    vandalism: server.vandalism,
    authority,
    guests: loopback,
    metrics: observer,
    stopping: () => (server.draining ? COME_BACK : undefined),
    webRoot: fileURLToPath(new URL("../../../apps/web/dist", import.meta.url)),
  });
  const sockets = new OpenSockets(app.server);
  const { frameBytes } = limits;
  const maxPayload = frameBytes * READ_BEYOND_LIMIT;
  const intake = new FrameIntake(systemClock, protection, maxPayload);
  acceptWebSockets(app.server, server, { maxPayload, frameBytes, loopbackOnly: loopback, intake });
  acceptPolling(app, server, { ...outside, frameBytes, loopbackOnly: loopback, intake });
  const close = async (): Promise<void> => {
    await app.close();
    await store.close();
    lock?.release();
  };
  await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const retention = scheduleRetention(config, { store, log, server });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    presence: server.presence,
    async stop(hurry) {
      const tidied = retention.stop();
      await server.drain({ window: config.drain, ...(hurry === undefined ? undefined : { hurry }) });
      await sockets.end(systemClock, GOODBYE);
      await tidied;
      await close();
    },
  };
}

function scheduleRetention(
  config: Config,
  { store, log, server }: { readonly store: Store; readonly log: Log; readonly server: TuttiServer },
): RetentionSchedule {
  return new RetentionSchedule({
    clock: systemClock,
    log,
    every: config.compactEvery,
    retention: {
      store,
      archive: openArchive(config.archive),
      now: systemClock.now,
      rules: config.retention,
      isOpen: (document) => server.documents.loaded(document) !== undefined,
    },
  });
}
