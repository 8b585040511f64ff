import { TuttiError } from "@tutti/protocol";
import type { FastifyInstance } from "fastify";
import type { TokenAuthority } from "../access/tokens.js";
import type { Documents } from "../documents/documents.js";
import { type NamedVersion, type Store, StoreError } from "../storage/store.js";
import { fieldsOf, titleOf } from "./fields.js";
import { identify } from "./identity.js";
import { recordOf } from "./records.js";

interface Environment {
  readonly store: Store;
  readonly documents: Documents;
  readonly authority: TokenAuthority;
}

/** Versions with names (H2): each has a snapshot that is kept for ever (S4). */
export function registerVersions(app: FastifyInstance, env: Environment): void {
  app.post<{ Params: { id: string } }>("/v1/documents/:id/versions", async (request, reply) => {
    const user = await identify(request, env.authority);
    const name = titleOf(fieldsOf(request.body)["name"], "name");
    return reply.code(201).send(await nameVersion(env, request.params.id, name, user.id));
  });

  app.get<{ Params: { id: string } }>("/v1/documents/:id/versions", async (request) => {
    await identify(request, env.authority);
    await recordOf(env.store, request.params.id);
    return { versions: await env.store.namedVersions(request.params.id) };
  });
}

async function nameVersion(env: Environment, id: string, name: string, by: string): Promise<NamedVersion> {
  try {
    return await env.documents.nameVersion(id, name, by);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "exists") throw error;
    throw new TuttiError("invalid_request", "name: the document has a version of this name");
  }
}

/** A version as it stands in an address; undefined: none. @throws TuttiError `invalid_request` */
export function versionOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const version = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(version)) return version;
  throw new TuttiError("invalid_request", "version: expected an integer from 0");
}
