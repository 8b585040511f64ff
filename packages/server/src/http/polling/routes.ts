import type { IncomingMessage } from "node:http";
import type { Clock, Random } from "@tutti/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FrameIntake } from "../../protection/frame-intake.js";
import type { TuttiServer } from "../../server.js";
import { checkOrigin } from "../origin.js";
import { readBody } from "./body.js";
import { exchange, open } from "./exchange.js";
import { LINES, POLL_PATH, type PollRequest, readLines, SESSION_HEADER } from "./lines.js";
import type { PollingSession } from "./session.js";
import { PollingSessions } from "./sessions.js";

export interface PollingOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Bytes of the largest message; a request may hold one, or many small ones. */
  readonly frameBytes: number;
  /** Answer to loopback names only. */
  readonly loopbackOnly: boolean;
  /** The account of what is being received. */
  readonly intake: FrameIntake;
}

/** Bytes of a request besides one message of the largest size. */
const FIRST_LINE = 1000;

/** Takes connections over HTTP (at `/v1/poll`), for where WebSockets are blocked (C13); docs/protocol.md describes them. */
export function acceptPolling(app: FastifyInstance, server: TuttiServer, options: PollingOptions): PollingSessions {
  const sessions = new PollingSessions({ ...options, server });
  void app.register(async (scope) => {
    scope.addHook("onRequest", async ({ raw }) => checkOrigin(raw, options.loopbackOnly));
    scope.addContentTypeParser(LINES, (request: FastifyRequest, payload: IncomingMessage) => {
      const session = named(request, (id) => sessions.admit(id));
      const largest = session === undefined ? FIRST_LINE : options.frameBytes + FIRST_LINE;
      return readBody(payload, { ...options, largest, greeted: session?.greeted ?? false });
    });
    scope.post(POLL_PATH, async (request, reply) => {
      reply.type(LINES).header("cache-control", "no-store");
      const asked = readLines(typeof request.body === "string" ? request.body : "");
      const session = named(request, (id) => sessions.find(id));
      if (session !== undefined) return held(asked, session, reply);
      return reply.code(201).send(open(asked, sessions, request.raw.socket.remoteAddress));
    });
  });
  return sessions;
}

/** The session that a request names; undefined: none, it opens one. @throws TuttiError as `find` does */
function named(request: FastifyRequest, find: (id: string) => PollingSession): PollingSession | undefined {
  const id = request.headers[SESSION_HEADER];
  return typeof id === "string" ? find(id) : undefined;
}

async function held(asked: PollRequest, session: PollingSession, reply: FastifyReply): Promise<string> {
  const abandon = (): void => session.abandoned();
  reply.raw.once("close", abandon);
  const answer = await exchange(asked, session);
  reply.raw.off("close", abandon);
  return answer;
}
