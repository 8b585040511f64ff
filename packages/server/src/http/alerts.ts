import { TuttiError } from "@tutti/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { mayEdit, permitIn } from "../access/roles.js";
import type { TokenAuthority } from "../access/tokens.js";
import type { Guard } from "../protection/guard.js";
import type { Store } from "../storage/store.js";
import type { Alert } from "../vandalism/alert.js";
import type { Caller, Vandalism } from "../vandalism/vandalism-service.js";
import { identify } from "./identity.js";
import { recordOf } from "./records.js";
import { versionOf } from "./versions.js";

interface Environment {
  readonly store: Store;
  readonly vandalism: Vandalism;
  readonly guard: Guard;
  readonly authority: TokenAuthority;
}

type Call = FastifyRequest<{ Params: { id: string } }>;
type CallAboutOne = FastifyRequest<{ Params: { id: string; version: string } }>;

/** What happened that somebody should look at, and what they do about it (L4); whoever may edit a document may do that. */
export function registerAlerts(app: FastifyInstance, env: Environment): void {
  app.get("/v1/documents/:id/alerts", async (request: Call) => {
    await callerOf(request, env);
    const alerts = await env.vandalism.list(request.params.id);
    return { alerts: alerts.map(publicAlert) };
  });

  app.post("/v1/documents/:id/alerts/:version/restore", async (request: CallAboutOne) => {
    const caller = await callerOf(request, env);
    const { id } = request.params;
    env.guard.readHistory();
    const { alert } = await env.vandalism.restore(id, nameOf(request), caller);
    return publicAlert(alert);
  });

  app.post("/v1/documents/:id/alerts/:version/dismiss", async (request: CallAboutOne) => {
    const caller = await callerOf(request, env);
    return publicAlert(await env.vandalism.dismiss(request.params.id, nameOf(request), caller));
  });
}

/** @throws TuttiError `forbidden` for who may not edit, `not_found` also for a document in the trash */
async function callerOf(request: Call | CallAboutOne, env: Environment): Promise<Caller> {
  const { id, name } = await identify(request, env.authority);
  const record = await recordOf(env.store, request.params.id);
  if (record.trashed !== undefined) throw new TuttiError("not_found", "the document is in the trash");
  const { role, granted } = await permitIn(env.store, record, id);
  if (!mayEdit(role)) throw new TuttiError("forbidden", `whoever is ${role} here may not edit`);
  if (record.moderated === true && role !== "owner" && !granted) {
    throw new TuttiError("forbidden", "the owner names who edits this document");
  }
  return { user: { id, name }, role };
}

/** @throws TuttiError `invalid_request` */
function nameOf(request: CallAboutOne): number {
  return versionOf(request.params.version) ?? 0;
}

/** An alert as people get it. */
function publicAlert({ version, kind, user, time, removed, length, reason, settled }: Alert) {
  const alert = { version, kind, user, time, removed, length, reason };
  if (settled === undefined) return alert;
  const { how, by, version: restored } = settled;
  return { ...alert, settled: { how, by, time: settled.time, version: restored } };
}
