import { TuttiError } from "@tutti/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TokenAuthority } from "../access/tokens.js";
import type { Documents } from "../documents/documents.js";
import type { Store } from "../storage/store.js";
import { identify } from "./identity.js";
import { publicRecord, recordOf } from "./records.js";

interface Environment {
  readonly store: Store;
  readonly documents: Documents;
  readonly authority: TokenAuthority;
}

type Call = FastifyRequest<{ Params: { id: string } }>;

/** Into the trash and out of it again (H4); whoever made a document may do that. */
export function registerTrash(app: FastifyInstance, env: Environment): void {
  app.delete("/v1/documents/:id", async (request: Call, reply) => {
    await env.documents.trash(request.params.id, await creatorOf(request, env));
    return reply.code(204).send();
  });

  app.post("/v1/documents/:id/restore", async (request: Call) => {
    await creatorOf(request, env);
    await env.documents.restore(request.params.id);
    return publicRecord(await recordOf(env.store, request.params.id));
  });
}

/** The id of the caller. @throws TuttiError `forbidden` for anybody else than the one who made the document */
async function creatorOf(request: Call, env: Environment): Promise<string> {
  const user = await identify(request, env.authority);
  const { createdBy } = await recordOf(env.store, request.params.id);
  if (createdBy === user.id) return user.id;
  throw new TuttiError("forbidden", "only the person who made a document can delete or restore it");
}
