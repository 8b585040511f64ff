import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TokenAuthority } from "./access/tokens.js";
import { type Config, isLoopback } from "./config.js";
import { createLog, systemClock, systemRandom, systemVitals } from "./environment.js";
import { createApp } from "./http/app.js";
import { acceptWebSockets } from "./http/websockets.js";
import { createPrometheusObserver } from "./metrics/prometheus.js";
import { DEFAULT_PROTECTION } from "./protection/defaults.js";
import { FrameIntake } from "./protection/frame-intake.js";
import { readSecret } from "./secret.js";
import { createServer } from "./server.js";
import { SqliteStore } from "./storage/sqlite-store.js";

export interface RunningServer {
  /** Where the page is. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Frames up to this multiple of the limit are read, so that they get a typed error instead of a closed socket. */
const READ_BEYOND_LIMIT = 4;

/** Everything in one process on SQLite. @throws when the port is taken or the data folder can't be used */
export async function serve(config: Config): Promise<RunningServer> {
  const log = createLog();
  const loopback = isLoopback(config.host);
  const observer = createPrometheusObserver();
  const secret = config.secret === undefined ? await readSecret(config.data) : Buffer.from(config.secret);
  const authority = new TokenAuthority(secret, systemClock);
  const store = await SqliteStore.open({ file: join(config.data, "tutti.sqlite") });
  const outside = { store, clock: systemClock, random: systemRandom, log, observer };
  const { limits, rateLimits } = config;
  const server = createServer({ ...outside, authenticator: authority, limits, rateLimits, vitals: systemVitals() });
  const app = await createApp({
    ...outside,
    documents: server.documents,
    guard: server.guard,
    authority,
    guests: loopback,
    metrics: observer,
    webRoot: fileURLToPath(new URL("../../../apps/web/dist", import.meta.url)),
  });
  const maxPayload = config.limits.frameBytes * READ_BEYOND_LIMIT;
  const intake = new FrameIntake(systemClock, DEFAULT_PROTECTION, maxPayload);
  acceptWebSockets(app.server, server, { maxPayload, loopbackOnly: loopback, intake });
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    async stop() {
      await server.stop();
      await app.close();
      await store.close();
    },
  };
}
