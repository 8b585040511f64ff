import type { IdenticalInserts } from "@tutti/ot";
import { type Clock, type Random, randomId, TuttiError } from "@tutti/protocol";
import type { FastifyInstance } from "fastify";
import { createGuest } from "../access/guests.js";
import type { TokenAuthority } from "../access/tokens.js";
import type { AttendanceService } from "../attendance/attendance-service.js";
import type { Documents } from "../documents/documents.js";
import type { Guard } from "../protection/guard.js";
import type { DocumentRecord, Store } from "../storage/store.js";
import type { Vandalism } from "../vandalism/vandalism-service.js";
import { registerAlerts } from "./alerts.js";
import { changeDocument } from "./change-document.js";
import { fieldsOf, titleOf } from "./fields.js";
import { identify } from "./identity.js";
import { publicRecord, recordOf } from "./records.js";
import { registerTrash } from "./trash.js";
import { registerVersions, versionOf } from "./versions.js";

export interface ApiEnvironment {
  readonly store: Store;
  readonly documents: Documents;
  readonly attendance: AttendanceService;
  readonly guard: Guard;
  readonly vandalism: Vandalism;
  readonly authority: TokenAuthority;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether anybody may sign in by a name alone. */
  readonly guests: boolean;
}

const LISTED_DOCUMENTS = 200;

/** The HTTP calls; docs/protocol.md describes them. */
export function registerApi(app: FastifyInstance, env: ApiEnvironment): void {
  app.post("/v1/sessions", async (request, reply) => {
    if (!env.guests) throw new TuttiError("forbidden", "guest sign-in is on only where the server listens on loopback");
    const user = createGuest(fieldsOf(request.body).name, env.random);
    return reply.code(201).send({ token: await env.authority.sign(user), user });
  });

  // A guest has no password to come back with: who they are, and what waits under that name, would end with the token.
  app.post("/v1/sessions/renewal", async (request, reply) => {
    if (!env.guests) throw new TuttiError("forbidden", "whoever signed the token signs the next one");
    const { id, name } = await identify(request, env.authority);
    return reply.code(201).send({ token: await env.authority.sign({ id, name }), user: { id, name } });
  });

  app.get<{ Querystring: { trashed?: string } }>("/v1/documents", async (request) => {
    const user = await identify(request, env.authority);
    const documents = trashedOf(request.query.trashed)
      ? await env.store.trashedDocuments(user.id, LISTED_DOCUMENTS)
      : await env.store.documents(LISTED_DOCUMENTS);
    return { documents: documents.map(publicRecord) };
  });

  app.post("/v1/documents", async (request, reply) => {
    const user = await identify(request, env.authority);
    const { title, type, identicalInserts } = fieldsOf(request.body);
    // The rate first: whoever is beyond it costs the store nothing.
    env.guard.createDocument(user.id);
    env.guard.keepDocument(await env.store.documentCount(user.id));
    const now = env.clock.now();
    const record: DocumentRecord = {
      id: randomId(env.random),
      title: titleOf(title),
      kind: kindOf(type),
      identicalInserts: identicalInsertsOf(identicalInserts),
      createdBy: user.id,
      createdAt: now,
      updatedAt: now,
    };
    await env.store.createDocument(record);
    return reply.code(201).send(publicRecord(record));
  });

  app.get<{ Params: { id: string } }>("/v1/documents/:id", async (request) => {
    await identify(request, env.authority);
    return publicRecord(await recordOf(env.store, request.params.id));
  });

  app.patch<{ Params: { id: string } }>("/v1/documents/:id", async (request) => {
    const user = await identify(request, env.authority);
    return publicRecord(await changeDocument(env, request.params.id, user.id, request.body));
  });

  app.get<{ Params: { id: string }; Querystring: { version?: string } }>(
    "/v1/documents/:id/content",
    async (request) => {
      await identify(request, env.authority);
      const asked = versionOf(request.query.version);
      if (asked !== undefined) env.guard.readHistory();
      const { content, version } = await env.documents.contentAt(request.params.id, asked);
      return { version, checksum: content.checksum, content: content.toDelta() };
    },
  );

  registerVersions(app, env);
  registerTrash(app, env);
  registerAlerts(app, env);
}

function trashedOf(value: string | undefined): boolean {
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw new TuttiError("invalid_request", 'trashed: expected "true" or "false", or nothing');
}

function kindOf(value: unknown): DocumentRecord["kind"] {
  if (value === "rich" || value === "plain") return value;
  throw new TuttiError("invalid_request", 'type: expected "rich" or "plain"');
}

function identicalInsertsOf(value: unknown): IdenticalInserts {
  if (value === undefined) return "merge";
  if (value === "merge" || value === "keep") return value;
  throw new TuttiError("invalid_request", 'identicalInserts: expected "merge" or "keep", or nothing');
}
