import { TuttiError } from "@tutti/protocol";
import type { AttendanceService } from "../attendance/attendance-service.js";
import type { Documents } from "../documents/documents.js";
import type { DocumentRecord, Store } from "../storage/store.js";
import { fieldsOf, titleOf } from "./fields.js";
import { recordOf } from "./records.js";

interface Environment {
  readonly store: Store;
  readonly documents: Documents;
  readonly attendance: AttendanceService;
}

/**
 * What `PATCH /v1/documents/:id` asks for: another title, by anybody; moderated or not any more, by who owns it (S11).
 * @param by the id of the person
 * @returns the record after it
 * @throws TuttiError `invalid_request` (nothing has changed then), `not_found`, `forbidden`; StoreError
 */
export async function changeDocument(env: Environment, id: string, by: string, body: unknown): Promise<DocumentRecord> {
  const { title, moderated } = fieldsOf(body);
  if (moderated === undefined) return env.documents.rename(id, titleOf(title));
  if (typeof moderated !== "boolean") throw new TuttiError("invalid_request", "moderated: expected true or false");
  const newTitle = title === undefined ? undefined : titleOf(title);
  const record = await env.attendance.moderate(await recordOf(env.store, id), by, moderated);
  return newTitle === undefined ? record : env.documents.rename(id, newTitle);
}
