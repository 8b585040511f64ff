import type { IncomingMessage } from "node:http";
import { type Clock, type Random, TuttiError } from "@tutti/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FrameIntake } from "../../protection/frame-intake.js";
import type { TuttiServer } from "../../server.js";
import { checkOrigin } from "../origin.js";
import { readBody } from "./body.js";
import { LINES, POLL_PATH, type PollRequest, readLines, SESSION_HEADER, writeLines } from "./lines.js";
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

/** Longest time that a poll is held, in milliseconds: below what proxies allow, which is 30 s at the least. */
const LONGEST_WAIT = 25_000;
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
      return session === undefined ? open(asked, sessions, request, reply) : exchange(asked, session, reply);
    });
  });
  return sessions;
}

/** The session that a request names; undefined: none, it opens one. @throws TuttiError as `find` does */
function named(request: FastifyRequest, find: (id: string) => PollingSession): PollingSession | undefined {
  const id = request.headers[SESSION_HEADER];
  return typeof id === "string" ? find(id) : undefined;
}

function open({ subprotocol }: PollRequest, sessions: PollingSessions, request: FastifyRequest, reply: FastifyReply) {
  if (subprotocol !== "tutti.v1+json") {
    throw new TuttiError("invalid_request", 'subprotocol: expected "tutti.v1+json"');
  }
  const session = sessions.open(request.raw.socket.remoteAddress);
  return reply.code(201).send(writeLines({ session, wait: LONGEST_WAIT }));
}

async function exchange(asked: PollRequest, session: PollingSession, reply: FastifyReply): Promise<string> {
  const { from, frames, close, wait, received = 0 } = asked;
  const taken = from === undefined ? undefined : { received: await session.take(from, frames) };
  if (close !== undefined) session.hangUp(close.code, close.reason);
  if (wait === undefined || close !== undefined) return writeLines({ ...taken });
  const abandon = (): void => session.abandoned();
  reply.raw.once("close", abandon);
  const { frames: brought, ...head } = await session.poll(received, Math.min(wait, LONGEST_WAIT));
  reply.raw.off("close", abandon);
  return writeLines({ ...taken, ...head }, brought);
}
