import type { AddressInfo } from "node:net";
import { setTimeout as later } from "node:timers";
import type { Clock } from "@tutti/protocol";
import { MemoryDisk, MemoryStore, SeededRandom, TestAuthenticator } from "@tutti/testkit";
import { TokenAuthority } from "../../../src/access/tokens.js";
import { systemRandom } from "../../../src/environment.js";
import { createApp } from "../../../src/http/app.js";
import { acceptPolling } from "../../../src/http/polling/routes.js";
import type { PollingSessions } from "../../../src/http/polling/sessions.js";
import { acceptWebSockets } from "../../../src/http/websockets.js";
import { silentLog } from "../../../src/log.js";
import { createPrometheusObserver } from "../../../src/metrics/prometheus.js";
import { DEFAULT_PROTECTION } from "../../../src/protection/defaults.js";
import { FrameIntake } from "../../../src/protection/frame-intake.js";
import { createServer, type TuttiServer } from "../../../src/server.js";

/** Time that runs faster than outside, so that real requests and long pauses fit into one test. */
export function fastClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    schedule(delay, task) {
      const timer = later(task, delay / factor);
      return () => clearTimeout(timer);
    },
  };
}

export interface RunningServer {
  readonly url: string;
  readonly server: TuttiServer;
  readonly sessions: PollingSessions;
  stop(): Promise<void>;
}

/** A server behind real HTTP, with one plain document "doc"; a token is the id of a person. */
export async function startServer(clock: Clock, frameBytes = 1_100_000): Promise<RunningServer> {
  const store = new MemoryStore(new MemoryDisk(), { clock, random: new SeededRandom(1), latency: [0, 0] });
  const times = { createdAt: 1, updatedAt: 1, createdBy: "ann" };
  await store.createDocument({ id: "doc", title: "T", kind: "plain", identicalInserts: "keep", ...times });
  const outside = { store, clock, random: systemRandom, log: silentLog };
  const limits = { frameBytes };
  const server = createServer({ ...outside, authenticator: new TestAuthenticator(clock), limits });
  const authority = new TokenAuthority(new Uint8Array(32), clock);
  const { documents, attendance, guard, vandalism } = server;
  const metrics = createPrometheusObserver();
  const parts = { documents, attendance, guard, vandalism, authority, metrics };
  const app = await createApp({ ...outside, ...parts, guests: true, webRoot: "nowhere" });
  const intake = new FrameIntake(clock, DEFAULT_PROTECTION, 4 * frameBytes);
  acceptWebSockets(app.server, server, { maxPayload: 4 * frameBytes, frameBytes, loopbackOnly: true, intake });
  const sessions = acceptPolling(app, server, { ...outside, frameBytes, loopbackOnly: true, intake });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    server,
    sessions,
    async stop() {
      await server.stop();
      await app.close();
    },
  };
}
